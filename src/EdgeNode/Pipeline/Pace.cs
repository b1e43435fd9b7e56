namespace FaceLandmark.Pipeline;

/// <summary>
/// When the next frame is to enter so that its tensors are ready just as the engine becomes free: as late as the last frames say that the
/// engine waits for no more than <see cref="Idle"/> of its time.
/// </summary>
internal sealed class Pace
{
    /// <summary>The share of its time that the engine may wait. Freshness is bought with frames.</summary>
    private const double Idle = 0.015;

    /// <summary>How many frames it remembers.</summary>
    private const int Frames = 64;

    private readonly double[] _spare = new double[Frames];
    private readonly double[] _services = new double[Frames];
    private readonly double[] _sorted = new double[Frames];
    private long _count; // of months

    /// <summary>How long after the engine began with a frame the next one enters; zero or more.</summary>
    public TimeSpan Delay { get; private set; }

    /// <summary>A frame has left the engine.</summary>
    /// <param name="lead">From the moment at which it was to enter until its tensors were ready.</param>
    /// <param name="service">How long the engine had it.</param>
    public void Learn(TimeSpan lead, TimeSpan service)
    {
        _spare[_count % Frames] = Math.Max(0, (service - lead).TotalMilliseconds); // of what was late anyway no delay is to blame
        _services[_count % Frames] = service.TotalMilliseconds;
        _count++;
        Delay = TimeSpan.FromMilliseconds(Latest((int)Math.Min(_count, Frames)));
    }

    /// <summary>Begins afresh: another engine has the frames.</summary>
    public void Forget() => (_count, Delay) = (0, TimeSpan.Zero);

    // Frames whose spare time is shorter than the delay let the engine wait for the difference. That sum may reach its share of the time,
    // but where all frames take the same way, the engine need not wait at all: so at most a quarter of them is late.
    private double Latest(int count)
    {
        var sorted = _sorted.AsSpan(0, count);
        _spare.AsSpan(0, count).CopyTo(sorted);
        sorted.Sort();
        var idle = 0.0;
        foreach (var service in _services.AsSpan(0, count))
            idle += Idle * service;
        var late = count / 4;
        for (var i = 0; i < late; i++)
        {
            idle += sorted[i];
            var delay = idle / (i + 1);
            if (delay <= sorted[i + 1])
                return delay;
        }

        return sorted[late];
    }
}
