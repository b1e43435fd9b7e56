namespace FaceLandmark.Benchmarks;

/// <summary>Resident memory at a moment.</summary>
/// <param name="Seconds">Since the measured time began.</param>
/// <param name="Mebibytes">Resident memory.</param>
internal readonly record struct MemoryAt(double Seconds, double Mebibytes);
