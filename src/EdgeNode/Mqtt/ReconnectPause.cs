namespace FaceLandmark.Mqtt;

/// <summary>
/// The pauses between attempts to connect: doubling, capped, and jittered so that a hundred nodes do not come back in step.
/// </summary>
internal static class ReconnectPause
{
    /// <summary>The pause before the next attempt.</summary>
    /// <param name="attempt">Failed attempts before this one in a row, from 0.</param>
    /// <param name="first">Longest pause after the first failure.</param>
    /// <param name="atMost">Longest pause of all.</param>
    /// <param name="random">0 to 1; the pause is between half of what is due and all of it.</param>
    public static TimeSpan Of(int attempt, TimeSpan first, TimeSpan atMost, double random)
    {
        var due = first.TotalSeconds * Math.Pow(2, Math.Min(attempt, 30));
        return TimeSpan.FromSeconds(Math.Min(due, atMost.TotalSeconds) * (0.5 + (0.5 * random)));
    }
}
