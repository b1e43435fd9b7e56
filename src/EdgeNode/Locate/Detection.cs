using FaceLandmark.Faces;

namespace FaceLandmark.Locate;

/// <summary>A face found by a detector.</summary>
/// <param name="Box">Box of the landmarks to be expected (brows to chin), in pixels of the frame.</param>
/// <param name="Score">0 to 1.</param>
internal readonly record struct Detection(Box Box, float Score);
