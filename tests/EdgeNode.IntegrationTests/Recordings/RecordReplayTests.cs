using System.Globalization;
using System.Text;
using FaceLandmark.IntegrationTests.Mqtt;

namespace FaceLandmark.Tests.Recordings;

/// <summary>The verbs <c>record</c> and <c>replay</c> at a real broker.</summary>
[Trait("Category", "mqtt")]
public sealed class RecordReplayTests : IDisposable
{
    private const string Landmarks = "facelandmark/n/cameras/cam0/landmarks";
    private readonly string _folder = Directory.CreateTempSubdirectory("recordings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_published_comes_again_byte_for_byte_apart_from_the_mark_and_a_gap_is_noted()
    {
        var broker = await ChosenBroker.StartAsync();
        var port = broker.Port;
        var path = At("r.jsonl");
        List<(string Topic, string Payload)> sent =
        [
            (Landmarks, """{"schema":"facelandmark/landmarks/1", "seq":1,"x":1.50,"n":"ü"}"""),
            ("facelandmark/n/cameras/cam0/events", """{"schema":"facelandmark/event/1"}"""),
            ("facelandmark/n/status", "online"),
            ("facelandmark/n/cameras/cam0/preview", "\u0001\nJPEG"),
        ];
        await using (var recorder = NodeProcess.Start("record", path, "--all", Port(port), "--Mqtt:ReconnectAfterAtMost=1s"))
        {
            await recorder.SaysAsync("Recording facelandmark/#");
            await using (var publisher = await Subscriber.StartAsync(port))
            {
                await publisher.PublishAsync("facelandmark/n/request/restart", "{}"); // no command is ever played back
                foreach (var (topic, payload) in sent)
                    await publisher.PublishAsync(topic, payload);
                await FileHasAsync(path, "preview");
            }

            await broker.DisposeAsync();
            await recorder.SaysAsync("Messages until the next connection are missing.");
            broker = await ChosenBroker.StartAsync(port);
            await FileHasAsync(path, "the connection to the broker was lost");
            recorder.AskToStop();
            var (status, output, errors) = await recorder.EndAsync();
            Assert.True(status == 0, errors);
            Assert.Equal(path, output.Trim());
            Assert.Contains($"Recorded {sent.Count} messages.", errors, StringComparison.Ordinal);
        }

        await using (broker)
        {
            await using var subscriber = await Subscriber.StartAsync(port);
            var (status, output, errors) = await NodeProcess.RunAsync("replay", path, "--speed", "max", Port(port));
            Assert.True(status == 0, errors);
            Assert.Equal($"{path}: {sent.Count} messages published.", output.Trim());
            var received = await subscriber.UntilAsync(message => message.Topic.EndsWith("preview", StringComparison.Ordinal));
            Assert.Equal(
                sent.Select(message => (message.Topic, Marked(message.Payload))),
                received.Select(message => (message.Topic, message.Text))
            );
            Assert.All(received, message => Assert.False(message.Retained));
        }
    }

    [Fact]
    public async Task A_disk_that_is_full_ends_the_recording_with_a_sentence_and_what_was_written_can_be_played_back()
    {
        await using var disk = await SmallDisk.MountAsync(At("disk"), kilobytes: 40);
        Assert.SkipWhen(disk is null, "Only root can make a small disk.");
        await using var broker = await ChosenBroker.StartAsync();
        var path = Path.Combine(disk.Folder, "r.jsonl");
        await using (var recorder = NodeProcess.Start("record", path, Port(broker.Port)))
        {
            await recorder.SaysAsync("Recording ");
            await using var publisher = await Subscriber.StartAsync(broker.Port);
            var payload = $$"""{"schema":"facelandmark/landmarks/1","n":"{{new string('n', 1000)}}"}""";
            for (var i = 0; i < 100; i++)
                await publisher.PublishAsync(Landmarks, payload);
            var (status, output, errors) = await recorder.EndAsync();
            Assert.Equal(1, status);
            Assert.Equal(path, output.Trim());
            Assert.Contains($"'{path}' cannot be written (No space left on device", errors, StringComparison.Ordinal);
            Assert.Contains("make room, or choose another place. What was written until then", errors, StringComparison.Ordinal);
        }

        var messages = File.ReadAllLines(path).Length - 1;
        Assert.InRange(messages, 10, 40);
        var (replayed, published, problems) = await NodeProcess.RunAsync("replay", path, "--speed", "max", Port(broker.Port));
        Assert.True(replayed == 0, problems);
        Assert.Equal($"{path}: {messages} messages published.", published.Trim());
    }

    [Fact]
    public async Task The_broker_inside_a_node_takes_no_recording_of_it_and_the_sentence_says_what_to_do()
    {
        var port = Port(Ports.Free());
        var path = At("r.jsonl");
        string[] lines =
        [
            """{"schema":"facelandmark/recording/1"}""",
            $$$"""{"at":"2026-05-04T03:02:01.000000000Z","topic":"{{{Landmarks}}}","message":{"seq":1}}""",
        ];
        await File.WriteAllLinesAsync(path, lines, TestContext.Current.CancellationToken);
        await using var node = NodeProcess.Start("--source", "demo", "--Node:Name=n", "--Web:Port=0", port);
        await node.WaitForCameraAsync();
        var (status, _, errors) = await NodeProcess.RunAsync("replay", path, port);
        Assert.Equal(1, status);
        Assert.Contains($"refuses messages on {Landmarks} (NotAuthorized)", errors, StringComparison.Ordinal);
        Assert.Contains("The broker inside a node takes nothing on that node's topics: name another", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_speed_sets_the_distances()
    {
        await using var broker = await ChosenBroker.StartAsync();
        var path = At("r.jsonl");
        var begin = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
        List<string> lines = ["""{"schema":"facelandmark/recording/1"}"""];
        // An hour in steps of a quarter; the last goes back.
        foreach (var minutes in (int[])[0, 15, 30, 45, 60, 5])
        {
            var at = begin.AddMinutes(minutes).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
            lines.Add($$$"""{"at":"{{{at}}}.000000000Z","topic":"{{{Landmarks}}}","message":{"seq":{{{minutes}}}}}""");
        }

        lines.Add("""{"at":"2026-05-04T""");
        await File.WriteAllLinesAsync(path, lines, TestContext.Current.CancellationToken);
        var began = System.Diagnostics.Stopwatch.StartNew();
        var (status, output, errors) = await NodeProcess.RunAsync("replay", path, "--speed", "1800", Port(broker.Port));
        Assert.True(began.Elapsed >= TimeSpan.FromSeconds(2), $"{began.Elapsed} for an hour at 1800 times its speed");
        Assert.Equal(1, status);
        Assert.Contains("6 messages published", output, StringComparison.Ordinal);
        Assert.Contains($"The times in '{path}' go back once", errors, StringComparison.Ordinal);
        Assert.Contains($"1 line of '{path}' cannot be read and was left out, first line 8", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_meant_or_reached_is_a_sentence_and_the_right_status()
    {
        File.WriteAllText(At("other.csv"), "frame,face_id\n");
        var nobody = Port(Ports.Free());
        foreach (
            var (expected, arguments, sentence) in (
                (int, string[], string)[])[
                    (1, ["replay", At("other.csv"), nobody], "is no recording of FaceLandmark"),
                    (1, ["replay", At("gone.jsonl"), nobody], "gone.jsonl' is missing"),
                    (1, ["record", At("r.jsonl"), nobody], "start the broker, or check Mqtt:Host and Mqtt:Port"),
                    (2, ["replay", At("other.csv"), "--speed", "0"], "--speed is '0', but must be a number from 0.001"),
                    (2, ["record", At("gone/r.jsonl")], "but there is no folder"),
                    (2, ["record", _folder], "is a folder, but must name a file"),
                    (2, ["record", At("r.jsonl"), "--rotate-size", "0"], "--rotate-size is '0'"),
                    (2, ["record", At("r.jsonl"), "--for", "soon"], "--for is 'soon', but must be a time"),
                ]
        )
        {
            var (status, _, errors) = await NodeProcess.RunAsync(arguments);
            Assert.True(status == expected, $"{string.Join(' ', arguments)}: {status} {errors}");
            Assert.Contains(sentence, errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        }
    }

    private static string Port(int port) => string.Create(CultureInfo.InvariantCulture, $"--Mqtt:Port={port}");

    private static string Marked(string payload) => payload.StartsWith('{') ? payload[..^1] + ""","replay":true}""" : payload;

    /// <summary>Waits until a file that grows has these words.</summary>
    private static async Task FileHasAsync(string path, string words)
    {
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!) { EnableRaisingEvents = true };
        watcher.Changed += (_, _) => Look();
        Look();
        await found.Task.InTimeAsync($"'{words}' in {path}");

        void Look()
        {
            using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), Encoding.UTF8);
            if (file.ReadToEnd().Contains(words, StringComparison.Ordinal))
                found.TrySetResult();
        }
    }

    private string At(string name) => Path.Combine(_folder, name);
}
