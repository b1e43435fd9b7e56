namespace FaceLandmark.Models.Quantize;

/// <summary>How a model is brought to eight bits.</summary>
/// <param name="Name">Name of the new model; null: that of the old one and -int8.</param>
/// <param name="FloatFirst">Leaves the convolution that sees the picture in float32.</param>
/// <param name="FloatLast">Leaves what follows the last convolution (pooling, fully connected layers) in float32.</param>
internal sealed record QuantizeOptions(string? Name = null, bool FloatFirst = false, bool FloatLast = false);
