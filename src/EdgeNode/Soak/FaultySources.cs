using FaceLandmark.Capture;

namespace FaceLandmark.Soak;

/// <summary>Opens sources that fail on request.</summary>
internal sealed class FaultySources(IFrameSourceFactory factory, IReadOnlyList<string> cameras, FaultSwitches faults) : IFrameSourceFactory
{
    private readonly int[] _timesGone = new int[cameras.Count];

    /// <inheritdoc/>
    public IFrameSource Open(CameraOptions camera)
    {
        ArgumentNullException.ThrowIfNull(camera);
        var index = Enumerable.Range(0, cameras.Count).First(i => cameras[i] == camera.Name);
        if (faults.IsOn(SoakFaultKind.CameraGone, index))
        {
            Interlocked.Increment(ref _timesGone[index]);
            throw new SourceException($"The soak has unplugged '{camera.Name}'.", CameraCondition.Unplugged);
        }

        // An unplugged camera comes back with another size.
        var size = Volatile.Read(ref _timesGone[index]) % 2;
        return new FaultySource(
            factory.Open(camera with { Width = camera.Width - (size * 160), Height = camera.Height - (size * 120) }),
            index,
            faults
        );
    }
}
