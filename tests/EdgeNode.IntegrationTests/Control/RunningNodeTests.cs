using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using FaceLandmark.IntegrationTests.Mqtt;

namespace FaceLandmark.Tests.Control;

/// <summary>
/// Commands, events, figures and the outbox of the program as it is started in production, with a real broker beside it.
/// </summary>
[Trait("Category", "mqtt")]
public sealed class RunningNodeTests : IDisposable
{
    private const string Base = "facelandmark/node7";
    private readonly string _folder = Directory.CreateTempSubdirectory("node-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_command_acts_on_the_running_node()
    {
        await using var broker = await ChosenBroker.StartAsync();
        await using var everything = await Subscriber.StartAsync(broker.Port, Base + "/#");
        // A state may come before the answer.
        await using var states = await Subscriber.StartAsync(broker.Port, Base + "/cameras/cam0/state");
        await using var node = Start(
            broker.Port,
            "--Commands:Allow=health,preview,camera,snapshot,mode,model,restart",
            "--HomeAssistant:Discovery=on"
        );
        await everything.UntilAsync(message => message.Topic == Base + "/cameras/cam0/landmarks");

        var health = await AskAsync(broker, everything, "health", "{}");
        Assert.Equal(
            ("ok", "online", "streaming"),
            ((string)health["status"]!, (string)health["broker"]!, (string)health["cameras"]!["cam0"]!)
        );
        Assert.Equal("cpu", (string)(await AskAsync(broker, everything, "mode", """{"mode":"cpu"}"""))["mode"]!);

        var picture = await AskAsync(broker, everything, "snapshot", "{}");
        Assert.Equal(Base + "/cameras/cam0/preview", (string)picture["topic"]!);
        await AskAsync(broker, everything, "preview", """{"enabled":true,"rate":20,"overlay":false}""");
        await everything.UntilAsync(message => message.Topic == Base + "/cameras/cam0/preview");

        await AskAsync(broker, everything, "camera", """{"action":"stop"}""");
        await states.UntilAsync(message => message.Text.Contains("\"stopped\"", StringComparison.Ordinal));
        await AskAsync(broker, everything, "camera", """{"action":"start"}""");
        await states.UntilAsync(message => message.Text.Contains("\"streaming\"", StringComparison.Ordinal));
        await AskAsync(broker, everything, "camera", """{"action":"reopen"}""");
        await everything.UntilAsync(message => message.Topic == Base + "/cameras/cam0/landmarks");

        var model = (string)(await AskAsync(broker, everything, "model", "{}"))["model"]!;
        Assert.Equal(model, (string)(await AskAsync(broker, everything, "model", $"{{\"model\":\"{model}\"}}"))["model"]!);
        await everything.UntilAsync(message => message.Topic == Base + "/cameras/cam0/landmarks");

        await AskAsync(broker, everything, "restart", "{}");
        Assert.Equal("stopped", (await everything.UntilAsync(message => message.Topic == Base + "/status"))[^1].Text);
        var (status, _, errors) = await node.EndAsync();
        Assert.Equal(1, status);
        Assert.Contains("A command requested a restart.", errors, StringComparison.Ordinal);
        var device = await MosquittoClients.SubscribeAsync(
            1,
            "-p",
            $"{broker.Port}",
            "-t",
            "homeassistant/device/facelandmark_node7/config"
        );
        Assert.Contains("\"unique_id\":\"facelandmark_node7_cam0_presence\"", device, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_for_an_answer_is_told_that_the_node_stops()
    {
        await using var broker = await ChosenBroker.StartAsync();
        await using var everything = await Subscriber.StartAsync(broker.Port, Base + "/#");
        // No frame will come.
        await using var node = Start(broker.Port, "--Commands:Allow=snapshot", "--Cameras:0:Source=rtsp://127.0.0.1:1/nothing");
        await everything.UntilAsync(message => message.Topic == Base + "/status");
        await MosquittoClients.PublishAsync("-p", $"{broker.Port}", "-q", "1", "-t", $"{Base}/request/snapshot", "-m", "{}");
        await everything.UntilAsync(message => message.Topic == Base + "/request/snapshot");
        node.AskToStop();
        var answer = JsonNode.Parse((await everything.UntilAsync(message => message.Topic == Base + "/response/snapshot"))[^1].Payload)!;
        Assert.Equal(("error", "The node stops."), ((string)answer["status"]!, (string)answer["error"]!));
        Assert.Equal(0, (await node.EndAsync()).ExitCode);
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task Events_that_a_killed_node_had_accepted_are_sent_by_the_next_one()
    {
        var port = Ports.Free();
        var file = Path.Combine(_folder, "outbox.db");
        await using (var node = Start(port, $"--Outbox:File={file}"))
        {
            await node.WaitForCameraAsync(); // the database has been made
            await WaitForEventsAsync(file);
        } // killed: SIGKILL

        await using var broker = await ChosenBroker.StartAsync(port);
        await using var events = await Subscriber.StartAsync(port, Base + "/cameras/cam0/events");
        await using var next = Start(port, $"--Outbox:File={file}", "--Events:Enabled=false");
        var first = JsonNode.Parse((await events.NextAsync()).Payload)!;
        Assert.Equal((1, "appeared"), ((int)first["seq"]!, (string)first["event"]!));
    }

    [Fact]
    public async Task Health_and_figures_are_served_on_loopback()
    {
        await using var broker = await ChosenBroker.StartAsync();
        var (port, receiver) = (Ports.Free(), Ports.Free());
        using var otlp = new HttpListener { Prefixes = { $"http://127.0.0.1:{receiver}/" } };
        otlp.Start();
        await using var frames = await Subscriber.StartAsync(broker.Port, Base + "/cameras/cam0/landmarks");
        await using var node = Start(
            broker.Port,
            $"--Diagnostics:HttpPort={port}",
            $"--Diagnostics:OtlpEndpoint=http://127.0.0.1:{receiver}/v1/metrics",
            "--Diagnostics:OtlpEvery=1s"
        );
        await frames.NextAsync();
        await frames.NextAsync(); // a frame is counted after it has been published, and before the next one is
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var health = JsonNode.Parse(
            await http.GetStringAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken)
        )!;
        Assert.Equal("ok", (string)health["status"]!);
        var figures = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Matches(@"(?m)^facelandmark_frames_total [1-9]\d*$", figures);
        Assert.Contains("facelandmark_mqtt_online 1\n", figures, StringComparison.Ordinal);
        string sent;
        do
        {
            var request = await otlp.GetContextAsync().InTimeAsync();
            using var reader = new StreamReader(request.Request.InputStream);
            sent = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            request.Response.Close();
        } while (!sent.Contains("facelandmark.stage.duration", StringComparison.Ordinal)); // the first may come before the first frame
    }

    private static RunningProgram Start(int port, params string[] more) =>
        NodeProcess.Start([
            "--Cameras:0:Source=demo",
            "--Cameras:0:Fps=10",
            "--Node:Name=node7",
            "--Mqtt:Host=127.0.0.1",
            $"--Mqtt:Port={port}",
            "--Mqtt:ReconnectAfter=200ms",
            .. more,
        ]);

    private static async Task<JsonNode> AskAsync(ChosenBroker broker, Subscriber answers, string verb, string payload)
    {
        await MosquittoClients.PublishAsync([
            .. ChosenBroker.Version,
            "-p",
            $"{broker.Port}",
            "-q",
            "1",
            "-t",
            $"{Base}/request/{verb}",
            "-m",
            payload,
        ]);
        var answer = JsonNode.Parse((await answers.UntilAsync(message => message.Topic == $"{Base}/response/{verb}"))[^1].Payload)!;
        Assert.True((string)answer["status"]! == "ok", answer.ToJsonString());
        return answer["data"] ?? new JsonObject();
    }

    // The node alone may open its database, so its log of writes is looked at whenever that has changed; with the second event in it the
    // first is committed.
    private static async Task WaitForEventsAsync(string file)
    {
        var changes = Channel.CreateUnbounded<bool>();
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(file)!, Path.GetFileName(file) + "-wal");
        watcher.Changed += (_, _) => changes.Writer.TryWrite(true);
        watcher.EnableRaisingEvents = true;
        while (!HasSecondEvent(file + "-wal"))
            await changes.Reader.ReadAsync().InTimeAsync("a change of the outbox");
    }

    private static bool HasSecondEvent(string log)
    {
        using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes.AsSpan().IndexOf("\"seq\":2,"u8) >= 0;
    }
}
