using FaceLandmark.Inference;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Tests.Pipeline;

/// <summary>An engine that gives the same value for every coordinate and can be made to refuse or to hang.</summary>
internal sealed class StubEngine(string name, float value) : ILandmarkEngine
{
    private readonly ManualResetEventSlim _open = new(true);
    private int _runs;

    public EngineInfo Info { get; } =
        new(
            name,
            "test",
            new DeviceInfo(name, name == "drpai"),
            new ModelCard
            {
                Name = "m",
                File = "m",
                InputSize = 32,
            }
        );

    public int AtOnce { get; init; } = 1;

    public bool Refuses { get; set; }

    public bool GivesNaN { get; set; }

    public int Runs => Volatile.Read(ref _runs);

    /// <summary>Called at the beginning of each run, with its number.</summary>
    public Action<int>? OnRun { get; set; }

    public void Hang() => _open.Reset();

    public void Release() => _open.Set();

    public void Run(FaceTensor tensor)
    {
        OnRun?.Invoke(Interlocked.Increment(ref _runs));
        _open.Wait();
        if (Refuses)
            throw new EngineException($"{name} is broken");
        tensor.Output.Fill(GivesNaN ? float.NaN : value);
    }

    public void Dispose() => _open.Dispose();
}
