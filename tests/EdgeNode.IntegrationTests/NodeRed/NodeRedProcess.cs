using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace FaceLandmark.Tests.NodeRed;

/// <summary>A real Node-RED with the dashboard, started as people start it, with a fresh user directory and at a port the system chose.</summary>
internal sealed class NodeRedProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<bool> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private NodeRedProcess(Process process, string folder, int port)
    {
        (_process, Folder, Address) = (process, folder, new Uri($"http://127.0.0.1:{port}/"));
        process.OutputDataReceived += Collect;
        process.ErrorDataReceived += Collect;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its user directory.</summary>
    public string Folder { get; }

    /// <summary>Where it serves.</summary>
    public Uri Address { get; }

    /// <summary>The dashboard.</summary>
    public string Dashboard => Address + "dashboard";

    /// <summary>What it said so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>Starts one and waits until it is connected to its broker.</summary>
    public static async Task<NodeRedProcess> StartAsync(params (string Name, string Value)[] environment)
    {
        var folder = Directory.CreateTempSubdirectory("node-red-").FullName;
        var port = MosquittoBroker.FreePort();
        var start = new ProcessStartInfo(
            "bash", [Path.Combine(MosquittoBroker.Root(), "node-red", "run.sh"), "--port", port.ToString(CultureInfo.InvariantCulture), "--user-dir", folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var nodeRed = new NodeRedProcess(Process.Start(start)!, folder, port);
        if (await nodeRed._connected.Task.WaitAsync(s_patience))
            return nodeRed;
        await nodeRed.DisposeAsync();
        throw new InvalidOperationException($"Node-RED did not start: {nodeRed.Log}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void Collect(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
            _log.AppendLine(line.Data);
        if (line.Data is null || line.Data.Contains("Connected to broker", StringComparison.Ordinal))
            _connected.TrySetResult(line.Data is not null);
    }
}
