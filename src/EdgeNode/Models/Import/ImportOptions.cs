namespace FaceLandmark.Models.Import;

/// <summary>How a checkpoint is imported.</summary>
/// <param name="Name">Name of the model; null: deeppose- and the backbone found.</param>
/// <param name="Size">Side of the network's input, pixels, 32 to 1024.</param>
/// <param name="LandmarkSet">Layout of the landmarks; null: the usual one of their number.</param>
/// <param name="Halves">Whether weights are stored as float16: half the file, not exact any more.</param>
internal sealed record ImportOptions(string? Name = null, int Size = 256, string? LandmarkSet = null, bool Halves = false);
