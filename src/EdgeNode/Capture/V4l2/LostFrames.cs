namespace FaceLandmark.Capture.V4l2;

/// <summary>Counts the frames that a driver lost, by its sequence numbers: it counts those too for which it had no buffer.</summary>
internal sealed class LostFrames
{
    // A larger step is a counter that restarts, or a driver that counts something else.
    private const uint MostAtOnce = 10_000;

    private uint? _last;

    /// <summary>The frames lost between the one before and this one.</summary>
    /// <param name="sequence">The driver's number of this one; 2^32 - 1 is followed by 0.</param>
    public int Before(uint sequence)
    {
        var step = unchecked(sequence - (_last ?? (sequence - 1)));
        _last = sequence;
        return step is > 1 and <= MostAtOnce ? (int)step - 1 : 0;
    }
}
