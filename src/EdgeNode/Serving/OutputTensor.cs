namespace FaceLandmark.Serving;

/// <summary>An output, FP32.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Values">Its numbers, row by row.</param>
internal sealed record OutputTensor(string Name, IReadOnlyList<long> Shape, ReadOnlyMemory<float> Values);
