using System.Net;
using FaceLandmark.IntegrationTests.Mqtt;

namespace FaceLandmark.Tests.Integrations;

/// <summary>
/// One node for all snippets, with its own broker and everything switched on that they speak of. Its camera is faster than it, so that
/// there are drops to count.
/// </summary>
[CollectionDefinition(Name)]
public sealed class NodeForIntegrations : IAsyncLifetime, ICollectionFixture<NodeForIntegrations>
{
    /// <summary>Of the tests that share it.</summary>
    public const string Name = "integrations";

    /// <summary>Its topics begin so.</summary>
    public const string Base = "facelandmark/node7";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("integrations-");
    private RunningProgram? _node;

    /// <summary>Where its broker listens.</summary>
    public int Port { get; } = Ports.Free();

    /// <summary>Where its figures are served.</summary>
    public int HttpPort { get; } = Ports.Free();

    /// <summary>Takes what it sends by OpenTelemetry.</summary>
    public HttpListener OtlpReceiver { get; } = new();

    /// <summary>A folder for the files of a test; Node.js finds the package mqtt from there.</summary>
    public string NewFolder() => _folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Directory.CreateSymbolicLink(
            Path.Combine(_folder.FullName, "node_modules"),
            Path.Combine(Repository.Root, "build", "integrations", "node_modules")
        );
        var receiver = Ports.Free();
        OtlpReceiver.Prefixes.Add($"http://127.0.0.1:{receiver}/");
        OtlpReceiver.Start();
        _node = NodeProcess.Start(
            "--source",
            "demo",
            "--Cameras:0:Fps=100",
            "--Dispatch:InFlight=1",
            "--Engines:Onnx:Threads=1",
            "--Node:Name=node7",
            $"--Mqtt:Port={Port}",
            "--Commands:Allow=health,preview,snapshot",
            "--Preview:Enabled=true",
            "--HomeAssistant:Discovery=on",
            $"--Outbox:File={Path.Combine(_folder.FullName, "outbox.db")}",
            $"--Diagnostics:HttpPort={HttpPort}",
            $"--Diagnostics:OtlpEndpoint=http://127.0.0.1:{receiver}/v1/metrics",
            "--Diagnostics:OtlpEvery=1s"
        );
        await _node.WaitForCameraAsync();
        await using var frames = await Subscriber.StartAsync(Port, Base + "/cameras/cam0/landmarks");
        await frames.NextAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        OtlpReceiver.Close();
        _folder.Delete(recursive: true);
    }
}
