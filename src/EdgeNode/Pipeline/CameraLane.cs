using FaceLandmark.Locate;

namespace FaceLandmark.Pipeline;

/// <summary>What belongs to one camera on the way of its frames.</summary>
/// <param name="Name">Name of the camera.</param>
/// <param name="Session">Identifies this start of the node; with the sequence number it identifies a message.</param>
/// <param name="Locator">Where its faces are.</param>
public sealed record CameraLane(string Name, string Session, IFaceLocator Locator)
{
    /// <summary>Frames dropped since the last message; taken by <see cref="TakeDropped"/>.</summary>
    private long _dropped;

    /// <summary>A frame of this camera was dropped.</summary>
    public void CountDropped() => Interlocked.Increment(ref _dropped);

    /// <summary>Frames dropped since the last call.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref _dropped, 0);
}
