using FaceLandmark.Tests.Inference;

namespace FaceLandmark.Tests.Serving;

/// <summary>A process <c>serve</c> with the smallest network there is, which can be killed, frozen and started again at its port.</summary>
internal sealed class Worker : IAsyncDisposable
{
    private static readonly float[] s_points = TinyOnnx.Circle(98);
    private readonly string _model;
    private RunningProgram? _program;

    private Worker(string model) => _model = model;

    /// <summary>The points that the network gives for every picture.</summary>
    public static IReadOnlyList<float> Points => s_points;

    public int Port { get; } = Ports.Free();

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Writes the network.</summary>
    public static void Save(string path) => new TinyOnnx(32, s_points).Save(path);

    /// <summary>Starts one.</summary>
    /// <param name="model">File of the network.</param>
    public static async Task<Worker> StartAsync(string model)
    {
        var worker = new Worker(model);
        await worker.StartAsync();
        return worker;
    }

    /// <summary>Starts it and waits until it serves.</summary>
    public async Task StartAsync()
    {
        _program = NodeProcess.Start(
            "serve",
            $"--Serve:Models={_model}",
            "--Serve:HttpPort=0",
            $"--Serve:GrpcPort={Port}",
            "--Engines:Onnx:Threads=1",
            "--Node:DrainFor=2min"
        );
        await _program.SaysAsync("Serving tiny");
    }

    /// <summary>Ends it as a crash or a power cut does.</summary>
    public ValueTask KillAsync() => _program!.DisposeAsync();

    public void Freeze() => _program!.Freeze();

    public void Thaw() => _program!.Thaw();

    /// <summary>Ends it as a supervisor does, and starts it again.</summary>
    public async Task RestartAsync()
    {
        _program!.AskToStop();
        var (exitCode, _, errors) = await _program.EndAsync();
        Assert.True(exitCode == 0, errors);
        Assert.Contains("The server has stopped after", errors, StringComparison.Ordinal);
        await _program.DisposeAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
            await _program.DisposeAsync();
    }
}
