namespace FaceLandmark.Inference;

/// <summary>Names and shapes of a network's tensors, as its file has them. The input is 1 x 3 x S x S; all are float32.</summary>
/// <param name="Input">Name of the picture.</param>
/// <param name="Points">Name of the points.</param>
/// <param name="PointsShape">Shape of the points: 1 x N x 2 or 1 x 2N.</param>
/// <param name="Presence">Name of the presence logit (1 x 1); null: the network has none.</param>
internal sealed record TensorNames(string Input, string Points, IReadOnlyList<long> PointsShape, string? Presence);
