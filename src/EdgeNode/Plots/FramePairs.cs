namespace FaceLandmark.Plots;

/// <summary>
/// Tells the results of one frame by two engines (<c>Dispatch:Mode=compare</c>), which follow each other, from results of two frames, and
/// both from a message that came twice. For the messages of one camera.
/// </summary>
internal sealed class FramePairs
{
    private SeenFrame? _last;

    /// <summary>Takes the next message.</summary>
    /// <param name="frame">The message.</param>
    /// <param name="first">The other engine's result for the same frame; null: none.</param>
    /// <returns>Whether it is a frame that was not seen yet.</returns>
    public bool Take(SeenFrame frame, out SeenFrame? first)
    {
        ArgumentNullException.ThrowIfNull(frame);
        first = null;
        if (_last is { } last && last.Sequence == frame.Sequence && last.Session == frame.Session)
        {
            first = last.Engine == frame.Engine ? null : last;
            return false;
        }

        _last = frame;
        return true;
    }
}
