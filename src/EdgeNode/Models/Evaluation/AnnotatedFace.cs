using FaceLandmark.Faces;

namespace FaceLandmark.Models.Evaluation;

/// <summary>A face whose landmarks somebody marked: the truth that a model is measured against.</summary>
/// <param name="Picture">Name of the picture, <c>folder/file.jpg</c>.</param>
/// <param name="Box">Box of the points, pixels.</param>
/// <param name="Points">x0 y0 x1 y1 ..., pixels; 98 points in the order of WFLW or 68 in that of iBUG and 300-W.</param>
/// <param name="Attributes">What the list says of the face; none where it says nothing.</param>
internal sealed record AnnotatedFace(string Picture, Box Box, float[] Points, FaceAttributes Attributes = FaceAttributes.None);
