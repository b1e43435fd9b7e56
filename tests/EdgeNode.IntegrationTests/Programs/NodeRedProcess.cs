namespace FaceLandmark.Tests.Programs;

/// <summary>
/// A real Node-RED with the dashboard, started as people start it, with a fresh user directory and at a port the system chose.
/// </summary>
internal sealed class NodeRedProcess : IAsyncDisposable
{
    private readonly RunningProgram _program;

    private NodeRedProcess(RunningProgram program, string folder, int port) =>
        (_program, Folder, Address) = (program, folder, new Uri($"http://127.0.0.1:{port}/"));

    /// <summary>Its user directory.</summary>
    public string Folder { get; }

    /// <summary>Where it serves.</summary>
    public Uri Address { get; }

    /// <summary>The dashboard.</summary>
    public string Dashboard => Address + "dashboard";

    /// <summary>What it said so far.</summary>
    public string Log => _program.Log;

    /// <summary>Starts one and waits until it is connected to its broker.</summary>
    public static async Task<NodeRedProcess> StartAsync(params (string Name, string Value)[] environment)
    {
        var folder = Directory.CreateTempSubdirectory("node-red-").FullName;
        var port = Ports.Free();
        string[] arguments = [Path.Combine(Repository.Root, "node-red", "run.sh"), "--port", $"{port}", "--user-dir", folder];
        var nodeRed = new NodeRedProcess(RunningProgram.Start("bash", arguments, null, environment), folder, port);
        try
        {
            await nodeRed._program.SaysAsync("Connected to broker");
            return nodeRed;
        }
        catch
        {
            await nodeRed.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
