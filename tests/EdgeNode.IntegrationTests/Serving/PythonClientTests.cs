using System.Text.Json.Nodes;
using OpenCvSharp;

namespace FaceLandmark.Tests.Serving;

/// <summary>A client that has nothing of ours but the .proto, in Python.</summary>
public sealed class PythonClientTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_client_in_Python_gets_the_points_that_image_prints()
    {
        var picture = Path.Combine(_folder, "face.png");
        using (var photograph = Cv2.ImRead(Path.Combine(Repository.Root, "assets", "demo", "sample1.jpg")))
        {
            var least = Math.Min(photograph.Width, photograph.Height);
            using var square = photograph[new Rect(0, 0, least, least)];
            Cv2.ImWrite(picture, square);
        }

        var port = Ports.Free();
        await using var server = NodeProcess.Start(
            "serve",
            "--Serve:HttpPort=0",
            $"--Serve:GrpcPort={port}",
            "--Serve:Models=deeppose-resnet18"
        );
        await server.SaysAsync("Serving deeppose-resnet18");

        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "Serving", "client.py"),
            $"127.0.0.1:{port}",
            "deeppose-resnet18-jpeg",
            picture,
            Path.Combine(AppContext.BaseDirectory, "OpenInference", "open_inference.proto"),
        ];
        await using var python = RunningProgram.Start("/usr/bin/python3", arguments, _folder);
        var answer = JsonNode.Parse(await python.OutputAsync())!;
        Assert.Equal(("python", "landmarks presence"), ((string)answer["id"]!, string.Join(' ', answer["outputs"]!.AsArray())));
        Assert.Equal(answer["points"]!.ToJsonString(), answer["raw"]!.ToJsonString());
        Assert.StartsWith("NOT_FOUND: There is no model 'nothing' here", (string)answer["refusal"]!, StringComparison.Ordinal);

        var (exitCode, output, errors) = await NodeProcess.RunAsync(
            "image",
            picture,
            "--json",
            "--locate",
            "full-frame",
            "--Models:EightBit=false",
            "--Postprocess:MinPresence=0"
        );
        Assert.True(exitCode == 0, errors);
        var message = JsonNode.Parse(output)!;
        var (face, side) = (message["faces"]![0]!, (double)message["frame"]!["width"]!);
        var expected = face["points"]!.AsArray().SelectMany(point => point!.AsArray()).Select(value => (double)value!).ToList();
        var points = answer["points"]!.AsArray().Select(value => (double)value!).ToList();
        Assert.Equal(196, expected.Count);
        Assert.All(points.Zip(expected), pair => Assert.InRange((side * pair.First) - pair.Second, -0.02, 0.02));
    }
}
