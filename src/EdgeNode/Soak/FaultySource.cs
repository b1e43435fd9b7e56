using FaceLandmark.Capture;

namespace FaceLandmark.Soak;

/// <summary>A source that fails on request.</summary>
internal sealed class FaultySource(IFrameSource source, int camera, FaultSwitches faults) : IFrameSource
{
    private int _reads;

    /// <inheritdoc/>
    public SourceInfo Info => source.Info;

    /// <inheritdoc/>
    public Frame? Read(FramePool pool, CancellationToken cancellationToken)
    {
        var hung = faults.WaitWhileOn(SoakFaultKind.CameraStall, camera, cancellationToken);
        if (faults.IsOn(SoakFaultKind.CameraError, camera))
            throw new SourceException("The soak has broken this read.");
        if (faults.IsOn(SoakFaultKind.CameraGone, camera))
            throw new SourceException("The soak has unplugged the camera.", CameraCondition.Unplugged);
        var frame = source.Read(pool, cancellationToken);
        if (frame is not null && faults.IsOn(SoakFaultKind.CameraLoss, camera))
            (frame.LostBefore, frame.DamagedBefore) = (++_reads % 3, _reads % 2);
        if (frame is not null && faults.IsOn(SoakFaultKind.CameraBlack, camera))
            Blacken(frame);
        if (frame is not null && !hung) // who hung may have been left behind: only the next frame is one that is used
            faults.Works(SoakPlan.Cameras, camera);
        return frame;
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();

    // YUY2, as the demo gives it: brightness 16, no colour.
    private static void Blacken(Frame frame)
    {
        for (var i = 0; i + 1 < frame.Data.Length; i += 2)
            (frame.Data[i], frame.Data[i + 1]) = (16, 128);
    }
}
