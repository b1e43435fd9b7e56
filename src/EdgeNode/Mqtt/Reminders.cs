using System.Collections.Concurrent;

namespace FaceLandmark.Mqtt;

/// <summary>Keeps a trouble that repeats to one line a minute for each subject. Thread-safe.</summary>
internal sealed class Reminders(TimeProvider time)
{
    private const int SubjectsAtMost = 256;
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(int Event, string Subject), long> _said = new();

    /// <summary>Whether it is to be said now.</summary>
    /// <param name="id">Number of the event.</param>
    /// <param name="subject">What it is about: a topic.</param>
    public bool IsDue(int id, string subject)
    {
        var now = time.GetTimestamp();
        if (_said.TryGetValue((id, subject), out var at) && time.GetElapsedTime(at, now) < s_every)
            return false;
        if (_said.Count >= SubjectsAtMost)
            _said.Clear();
        _said[(id, subject)] = now;
        return true;
    }
}
