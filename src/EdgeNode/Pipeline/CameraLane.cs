using FaceLandmark.Locate;
using FaceLandmark.Postprocess;

namespace FaceLandmark.Pipeline;

/// <summary>What belongs to one camera on the way of its frames.</summary>
/// <param name="index">Its place in the list of cameras.</param>
/// <param name="name">Its name.</param>
/// <param name="session">Identifies this start of the node; with the sequence number it identifies a message.</param>
/// <param name="locator">Where its faces are.</param>
/// <param name="smoother">Calms the points of its faces; null: points stay as they are.</param>
internal sealed class CameraLane(int index, string name, string session, IFaceLocator locator, LandmarkSmoother? smoother = null)
{
    private long _dropped;
    private long _tickets;

    /// <summary>Its place in the list of cameras.</summary>
    public int Index { get; } = index;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Identifies this start of the node.</summary>
    public string Session { get; } = session;

    /// <summary>Where its faces are.</summary>
    public IFaceLocator Locator { get; } = locator;

    /// <summary>Calms the points of its faces, or null.</summary>
    public LandmarkSmoother? Smoother { get; } = smoother;

    /// <summary>The next ticket: 1, 2, 3, ... for each frame let in.</summary>
    public long NextTicket() => ++_tickets;

    /// <summary>Frames of this camera were dropped.</summary>
    public void CountDropped(int frames = 1) => Interlocked.Add(ref _dropped, frames);

    /// <summary>Frames dropped since the last call.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref _dropped, 0);
}
