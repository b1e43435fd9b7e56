using FaceLandmark.Faces;

namespace FaceLandmark.Plots;

/// <summary>A face as a recording has it.</summary>
/// <param name="Id">Number of the face within its session.</param>
/// <param name="Score">Confidence, 0 to 1.</param>
/// <param name="Box">Box of the points, pixels of the frame.</param>
/// <param name="Pose">Direction of the head, degrees.</param>
/// <param name="LeftEye">Openness of the eye on the picture's left, 0 to 1.</param>
/// <param name="RightEye">Openness of the eye on the picture's right, 0 to 1.</param>
/// <param name="Mouth">Openness of the mouth, 0 to 1.</param>
/// <param name="Points">x0 y0 x1 y1 ... in pixels of the frame; empty where they are not recorded.</param>
internal sealed record SeenFace(
    int Id,
    double Score,
    Box Box,
    HeadPose Pose,
    double LeftEye,
    double RightEye,
    double Mouth,
    float[] Points
);
