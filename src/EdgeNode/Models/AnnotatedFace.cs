using FaceLandmark.Locate;

namespace FaceLandmark.Models;

/// <summary>One line of a list in the format of WFLW.</summary>
/// <param name="Picture">Name of the picture, <c>folder/file.jpg</c>.</param>
/// <param name="Box">Box of the points, pixels.</param>
/// <param name="Points">x0 y0 x1 y1 ..., pixels.</param>
public sealed record AnnotatedFace(string Picture, Box Box, float[] Points);
