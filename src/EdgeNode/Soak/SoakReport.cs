using System.Globalization;
using System.Text.Json;

namespace FaceLandmark.Soak;

/// <summary>What a soak found, as <c>soak --json</c> prints it.</summary>
internal sealed record SoakReport
{
    /// <summary>Descriptors that may be open at the end beyond those after the start.</summary>
    internal const int MoreHandlesAtMost = 32;

    /// <summary>How much slower the last third may be than the first.</summary>
    internal const double LatencyDriftAtMost = 2;

    // It goes up and down within minutes.
    private static readonly TimeSpan s_latencyFrom = TimeSpan.FromMinutes(30);

    /// <summary><c>ok</c> or <c>failed</c>.</summary>
    public string Verdict => Reasons.Count == 0 ? "ok" : "failed";

    /// <summary>Why it failed, in sentences.</summary>
    public IReadOnlyList<string> Reasons => [.. WhyNot()];

    /// <summary>What fixed the faults.</summary>
    public required int Seed { get; init; }

    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Faults that were made, by kind.</summary>
    public required IReadOnlyDictionary<string, int> Faults { get; init; }

    /// <summary>By kind, the longest time in milliseconds from the end of a fault until what it hit worked again.</summary>
    public required IReadOnlyDictionary<string, double> RecoveryMs { get; init; }

    /// <summary>Frames that the cameras gave.</summary>
    public required long FramesIn { get; init; }

    /// <summary>Frames whose landmarks the connection to the broker took.</summary>
    public required long Published { get; init; }

    /// <summary>Frames that were dropped and counted, wherever it was.</summary>
    public required long Dropped { get; init; }

    /// <summary>Where and why they were, as <c>place.reason</c>; <c>publish</c> is on the way to the broker.</summary>
    public required IReadOnlyDictionary<string, long> DroppedBy { get; init; }

    /// <summary>Frames that are neither: zero, or a bug.</summary>
    public long UnexplainedFrames => FramesIn - Published - Dropped;

    /// <summary>Messages about faces that the node made.</summary>
    public required long EventsSent { get; init; }

    /// <summary>Those that a subscriber got, each counted once.</summary>
    public required long EventsReceived { get; init; }

    /// <summary>Those that came once more, as messages of quality of service 1 may.</summary>
    public required long EventsRepeated { get; init; }

    /// <summary>Those that the outbox dropped and counted while it had no disk and no broker.</summary>
    public required long EventsDropped { get; init; }

    /// <summary>Kilobytes an hour that the floor of memory rises by in the second half; nothing can be learnt from a short run's.</summary>
    public double MemorySlopeKbPerHour => Memory.SlopeKbPerHour;

    /// <summary>Whether memory grows, and by what that is judged.</summary>
    public required MemoryTrend Memory { get; init; }

    /// <summary>Descriptors open after the start and at the end.</summary>
    public required HandleCount Handles { get; init; }

    /// <summary>Median latency of the last third over that of the first.</summary>
    public required double LatencyDrift { get; init; }

    /// <summary>The node's status at the broker after the end.</summary>
    public required string LastStatus { get; init; }

    /// <summary>What ended the node before its time, or null.</summary>
    public string? Fault { get; init; }

    /// <summary>Why the soak's own subscriber was cut off, so that it could not count the events; null: it was not.</summary>
    public string? WitnessFault { get; init; }

    /// <summary>Bugs that the node logged.</summary>
    public required IReadOnlyList<string> Bugs { get; init; }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SoakJson.Default.SoakReport);

    /// <summary>For people.</summary>
    public string ToText()
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {Verdict}: {Seconds:0} s with seed {Seed}, {Faults.Values.Sum()} faults ({List(Faults)})
              recovery {string.Join(", ", RecoveryMs.Select(kind => $"{kind.Key} {kind.Value:0} ms"))}
              frames   {FramesIn} in = {Published} published + {Dropped} dropped ({List(DroppedBy)}) + {UnexplainedFrames} unexplained
              events   {EventsSent} sent, {EventsReceived} received, {EventsRepeated} of them twice, {EventsDropped} dropped
              memory   {OfMemory()}
              handles  {Handles.Start} to {Handles.End} descriptors
              latency  x {LatencyDrift:0.00}{(IsLatencyJudged ? "" : $", judged from {s_latencyFrom.TotalMinutes:0} min on")}
            """
        );
        return string.Join('\n', [text, .. Reasons]);
    }

    private static string List<T>(IReadOnlyDictionary<string, T> counts) =>
        string.Join(", ", counts.Select(one => $"{one.Value} {one.Key}"));

    private bool IsLatencyJudged => Seconds >= s_latencyFrom.TotalSeconds;

    private string OfMemory()
    {
        var range = string.Create(
            CultureInfo.InvariantCulture,
            $"{Memory.SlopeKbPerHour:+0;-0;0} KB an hour ({Memory.SlopeKbPerHourAtLeast:+0;-0;0} to {Memory.SlopeKbPerHourAtMost:+0;-0;0})"
        );
        return Memory.Judgement switch
        {
            MemoryJudgement.Steady => $"steady: {range}, {Floor(MemoryTrend.Windows / 2)} MB in the middle and {Floor(^1)} MB at the end",
            MemoryJudgement.Grows => $"grows: {range}, {Floor(MemoryTrend.Windows / 2)} MB in the middle and {Floor(^1)} MB at the end",
            MemoryJudgement.Unknown => $"comes and goes too much to tell whether it grows: {range}; a longer soak tells",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"not judged: it takes a whole run of {MemoryTrend.JudgedFrom.TotalHours:0} h or longer to tell whether it grows"
            ),
        };

        string Floor(Index window) => (Memory.FloorsKb[window] / 1024).ToString("0", CultureInfo.InvariantCulture);
    }

    private IEnumerable<string> WhyNot()
    {
        if (Fault is not null)
            yield return $"The node ended by itself: {Fault}";
        foreach (var bug in Bugs)
            yield return $"The node logged a bug: {bug}";
        if (UnexplainedFrames != 0)
            yield return $"{UnexplainedFrames} frames were neither published nor counted as dropped.";
        if (Published == 0)
            yield return "No frame was published.";
        if (WitnessFault is not null)
            yield return $"The soak's own subscriber was cut off, so that events cannot be counted: {WitnessFault}";
        if (WitnessFault is null && EventsSent != EventsReceived + EventsDropped)
            yield return $"{EventsSent - EventsReceived - EventsDropped} events were neither received nor counted as dropped.";
        if (LastStatus != "stopped")
            yield return $"After the end the broker says that the node is '{LastStatus}', not 'stopped'.";
        if (Handles.End > Handles.Start + MoreHandlesAtMost)
            yield return $"{Handles.End - Handles.Start} more descriptors are open at the end than after the start.";
        if (Memory.Judgement == MemoryJudgement.Grows)
            yield return $"Memory grows by {MemorySlopeKbPerHour:0} KB an hour; at most {Memory.LimitKbPerHour:0} are allowed.";
        if (IsLatencyJudged && LatencyDrift > LatencyDriftAtMost)
            yield return $"The latency grew to {LatencyDrift:0.0} times what it was.";
    }

    /// <summary>Open descriptors.</summary>
    internal readonly record struct HandleCount(int Start, int End);
}
