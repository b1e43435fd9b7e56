using System.Globalization;
using System.Text.Json.Nodes;
using FaceLandmark.IntegrationTests.Mqtt;
using OpenCvSharp;

namespace FaceLandmark.Tests.Integrations;

/// <summary>The subscribers of <c>docs/integrations.md</c>, run as they stand there.</summary>
[Collection(NodeForIntegrations.Name)]
public sealed class SubscriberTests(NodeForIntegrations node)
{
    // What it builds goes to the folder of the test, and no server for builds stays behind.
    private static readonly (string, string)[] s_dotnet =
    [
        ("MSBUILDDISABLENODEREUSE", "1"),
        ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"),
        ("UseSharedCompilation", "false"),
    ];

    [Theory]
    [InlineData("faces.py", "/usr/bin/python3", "")]
    [InlineData("faces.mjs", "node", "")]
    [InlineData("faces.cs", "dotnet", "run")]
    public async Task A_subscriber_prints_the_faces_and_points_of_the_message(string name, string program, string verb)
    {
        await using var messages = await Subscriber.StartAsync(node.Port, NodeForIntegrations.Base + "/cameras/cam0/landmarks");
        var folder = node.NewFolder();
        var file = await Snippets.WriteAsync(name, folder, 1883, node.Port);
        await using var snippet = RunningProgram.Start(
            program,
            verb.Length > 0 ? [verb, file] : [file],
            folder,
            s_dotnet.Append(("XDG_DATA_HOME", folder)).ToArray()
        );
        var line = await snippet.NextLineAsync();

        var sequence = long.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
        var message = (await messages.UntilAsync(candidate => (long)JsonNode.Parse(candidate.Payload)!["seq"]! == sequence))[^1];
        var face = JsonNode.Parse(message.Payload)!["faces"]![0]!;
        var nose = face["points"]![54]!;
        Assert.Equal($"cam0 frame {sequence} face {face["id"]}: 98 points, nose at {nose[0]}, {nose[1]}", line);
    }

    [Fact]
    public async Task The_preview_is_a_picture_in_a_file()
    {
        var file = await Snippets.WriteAsync("preview.mjs", node.NewFolder(), 1883, node.Port);
        await using var snippet = RunningProgram.Start("node", [file], Path.GetDirectoryName(file)!);
        var line = (await snippet.OutputAsync()).TrimEnd();

        var picture = Path.Combine(Path.GetDirectoryName(file)!, "preview.jpg");
        Assert.Matches($@"^frame [1-9]\d*: {new FileInfo(picture).Length} bytes in preview\.jpg$", line);
        using var decoded = Cv2.ImRead(picture);
        Assert.Equal((640, 480), (decoded.Width, decoded.Height));
    }

    [Fact]
    public async Task A_command_gets_its_own_answer()
    {
        var file = await Snippets.WriteAsync("command.py", node.NewFolder(), 1883, node.Port);
        var folder = Path.GetDirectoryName(file)!;
        await using var health = RunningProgram.Start("/usr/bin/python3", [file, "node7", "health"], folder);
        await using var wrong = RunningProgram.Start("/usr/bin/python3", [file, "node7", "preview", """{"rate": 1000}"""], folder);

        var answer = JsonNode.Parse(await health.OutputAsync())!;
        Assert.Equal(
            ("health", "ok", "streaming"),
            ((string)answer["verb"]!, (string)answer["status"]!, (string)answer["data"]!["cameras"]!["cam0"]!)
        );
        var refusal = JsonNode.Parse(await wrong.OutputAsync())!;
        Assert.Equal(("preview", "error"), ((string)refusal["verb"]!, (string)refusal["status"]!));
    }

    [Fact]
    public async Task The_lines_for_the_shell_print_what_is_there()
    {
        var folder = node.NewFolder();
        var lines = Snippets.LinesOf("shell");
        Assert.Equal(5, lines.Length);
        var printed = new List<string>();
        foreach (var line in lines)
        {
            var command = line.Replace("mosquitto_sub ", $"mosquitto_sub -p {node.Port} -W {Patience.Seconds} ", StringComparison.Ordinal)
                .Replace("mosquitto_rr ", $"mosquitto_rr -p {node.Port} -W {Patience.Seconds} ", StringComparison.Ordinal);
            await using var shell = RunningProgram.Start("bash", ["-o", "pipefail", "-c", command], folder);
            printed.Add((await shell.OutputAsync()).TrimEnd());
        }

        Assert.Equal(NodeForIntegrations.Base + "/status online", printed[0]);
        Assert.Matches(@"^\{""camera"":""cam0"",""present"":(true|false),""count"":\d+\}$", printed[1]);
        var noses = printed[2].Split('\n').Select(text => JsonNode.Parse(text)!).ToList();
        Assert.Equal(5, noses.Count);
        Assert.All(noses.SelectMany(frame => frame["noses"]!.AsArray()), nose => Assert.Equal(2, nose!.AsArray().Count));
        using var picture = Cv2.ImRead(Path.Combine(folder, "preview.jpg"));
        Assert.Equal((640, 480), (picture.Width, picture.Height));
        Assert.Equal("streaming", (string)JsonNode.Parse(printed[4])!["cameras"]!["cam0"]!);
    }
}
