namespace FaceLandmark.Tests.Reliability;

/// <summary>The system's clock, whose time of day can be set as an administrator or NTP sets it; how much time passes stays true.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private long _ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));

    /// <summary>Sets the time of day.</summary>
    public void Step(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
