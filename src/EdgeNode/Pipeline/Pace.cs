namespace FaceLandmark.Pipeline;

/// <summary>
/// When the next frame is to enter so that its tensors are ready just as the engine becomes free. It counts with the shortest service and
/// the longest way to the engine of the last frames, so that the engine does not wait: each forgets a little with every frame.
/// </summary>
internal sealed class Pace
{
    /// <summary>What a frame changes of a figure that it does not reach: after fifty frames a third of an outlier is left.</summary>
    private const double Forgetting = 0.02;

    private double? _service;
    private double _lead;

    /// <summary>How long after the engine began with a frame the next one enters; zero or more.</summary>
    public TimeSpan Delay => TimeSpan.FromMilliseconds(Math.Max(0, (_service ?? 0) - _lead));

    /// <summary>A frame has left the engine.</summary>
    /// <param name="lead">From the moment at which it was to enter until its tensors were ready.</param>
    /// <param name="service">How long the engine had it.</param>
    public void Learn(TimeSpan lead, TimeSpan service)
    {
        var (way, work) = (lead.TotalMilliseconds, service.TotalMilliseconds);
        if (_service is not { } shortest)
        {
            (_service, _lead) = (work, way);
            return;
        }

        _service = Math.Min(work, shortest + (Forgetting * (work - shortest)));
        _lead = Math.Max(way, _lead + (Forgetting * (way - _lead)));
    }

    /// <summary>Begins afresh: another engine has the frames.</summary>
    public void Forget() => (_service, _lead) = (null, 0);
}
