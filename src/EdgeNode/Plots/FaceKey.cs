namespace FaceLandmark.Plots;

/// <summary>Which face of a camera: numbers begin again with each start of a node.</summary>
/// <param name="Start">The start, from 1, in the order in which the recording shows them.</param>
/// <param name="Id">Number of the face.</param>
internal readonly record struct FaceKey(int Start, int Id);
