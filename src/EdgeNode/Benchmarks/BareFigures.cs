namespace FaceLandmark.Benchmarks;

/// <summary>One turn of the bare engine.</summary>
/// <param name="Name">What was run.</param>
/// <param name="Model">The model.</param>
/// <param name="Fps">Inferences a second.</param>
/// <param name="CpuMs">Processor time of one, milliseconds.</param>
internal sealed record BareFigures(string Name, string Model, double Fps, double CpuMs);
