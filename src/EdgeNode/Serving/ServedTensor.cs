namespace FaceLandmark.Serving;

/// <summary>A tensor as a model's metadata tell it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datatype">Its datatype, of the protocol.</param>
/// <param name="Shape">Its shape.</param>
internal sealed record ServedTensor(string Name, string Datatype, IReadOnlyList<long> Shape);
