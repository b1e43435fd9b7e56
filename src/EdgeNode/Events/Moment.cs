namespace FaceLandmark.Events;

/// <summary>A moment on both clocks: one to tell people, one to measure with.</summary>
/// <param name="At">By the wall clock, which may jump.</param>
/// <param name="Timestamp">By <see cref="TimeProvider.GetTimestamp"/>, which does not.</param>
internal readonly record struct Moment(DateTimeOffset At, long Timestamp)
{
    /// <summary>The time from an earlier moment to this one.</summary>
    public TimeSpan Since(Moment earlier, TimeProvider time) => time.GetElapsedTime(earlier.Timestamp, Timestamp);
}
