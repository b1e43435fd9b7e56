namespace FaceLandmark.Hosting;

/// <summary>What a folder of last words remembers of the latest run.</summary>
/// <param name="StartedAt">When it began (UTC).</param>
/// <param name="EndedAt">When it ended; null: it runs, or ended without a word.</param>
/// <param name="Fault">What it ended by; null after a clean end.</param>
/// <param name="File">Name of the file with its last words, beside the record.</param>
/// <param name="Crashes">When the latest runs ended by a fault or without a word, the last one last.</param>
internal sealed record RunRecord(
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    string? Fault,
    string? File,
    IReadOnlyList<DateTimeOffset> Crashes
);
