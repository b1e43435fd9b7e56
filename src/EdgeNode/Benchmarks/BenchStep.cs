namespace FaceLandmark.Benchmarks;

/// <summary>A piece of a benchmark.</summary>
/// <param name="Name">What is measured, for people.</param>
/// <param name="RunAsync">Measures it.</param>
internal sealed record BenchStep(string Name, Func<CancellationToken, Task> RunAsync);
