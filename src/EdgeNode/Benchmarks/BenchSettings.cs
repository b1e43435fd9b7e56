namespace FaceLandmark.Benchmarks;

/// <summary>What a call asks of the benchmark.</summary>
/// <param name="Plan">How much.</param>
/// <param name="Peer">A script to compare with, or null.</param>
/// <param name="Program">Starts the program with the settings of the call.</param>
internal sealed record BenchSettings(BenchPlan Plan, string? Peer, ThisProgram Program);
