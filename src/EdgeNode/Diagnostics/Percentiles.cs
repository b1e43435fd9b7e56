namespace FaceLandmark.Diagnostics;

/// <summary>Percentiles of a duration, in milliseconds; 0 before the first value.</summary>
/// <param name="P50">Median.</param>
/// <param name="P95">95th percentile.</param>
/// <param name="P99">99th percentile.</param>
internal readonly record struct Percentiles(double P50, double P95, double P99);
