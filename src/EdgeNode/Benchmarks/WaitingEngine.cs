using FaceLandmark.Inference;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// An engine with a processor of its own, imitated: after the self-test it computes nothing, waits so long for each face, and gives the
/// points that it last computed. It says that it is emulated.
/// </summary>
/// <param name="engine">Computes the points of the self-test; is taken over.</param>
/// <param name="wait">Time of a face.</param>
internal sealed class WaitingEngine(ILandmarkEngine engine, TimeSpan wait) : ILandmarkEngine
{
    private float[]? _points;
    private float _presence;

    /// <inheritdoc/>
    public EngineInfo Info { get; } = engine.Info with { Device = engine.Info.Device with { Emulated = true } };

    /// <inheritdoc/>
    public void Run(FaceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (_points is null)
        {
            engine.Run(tensor);
            (_points, _presence) = (tensor.Output.ToArray(), tensor.Presence);
            return;
        }

        LinuxClock.Sleep(wait);
        _points.CopyTo(tensor.Output);
        tensor.Presence = _presence;
    }

    /// <inheritdoc/>
    public void GiveUp() => engine.GiveUp();

    /// <inheritdoc/>
    public void Dispose() => engine.Dispose();
}
