namespace FaceLandmark.Serving;

/// <summary>An input as a request brings it, whatever carried it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datatype">Its datatype, of the protocol.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Raw">Its bytes: little-endian, row by row; an element of BYTES behind its length in four bytes.</param>
internal sealed record InputTensor(string Name, string Datatype, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Raw);
