namespace FaceLandmark.Benchmarks;

/// <summary>A row of the targets.</summary>
/// <param name="Row">Its name.</param>
/// <param name="What">What is measured.</param>
/// <param name="Value">The figure; null: not measured.</param>
/// <param name="Want">What it should be, for people.</param>
/// <param name="Met">Whether it is so; null: not measured.</param>
/// <param name="Note">What is to be known of the figure, or why there is none; null: nothing.</param>
internal sealed record BenchTarget(string Row, string What, double? Value, string Want, bool? Met, string? Note);
