namespace FaceLandmark.Faces;

/// <summary>Direction of a head relative to the camera, in degrees.</summary>
/// <param name="Yaw">Positive when the face turns to the picture's right side; -90 to 90.</param>
/// <param name="Pitch">Positive when the face looks up; -90 to 90.</param>
/// <param name="Roll">Positive when the head tilts clockwise in the picture; -180 to 180.</param>
internal readonly record struct HeadPose(float Yaw, float Pitch, float Roll);
