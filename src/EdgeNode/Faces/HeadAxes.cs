namespace FaceLandmark.Faces;

/// <summary>
/// The axes of a head in the camera's: x to the picture's right, y down, z away from the camera. Columns of the rotation that a
/// <see cref="HeadPose"/> stands for: first the roll about z, then the pitch about x, then the yaw about y.
/// </summary>
/// <param name="Right">To the picture's right on a head that looks into the camera; of length 1.</param>
/// <param name="Down">From the forehead to the chin.</param>
/// <param name="Away">From the face to the back of the head.</param>
internal readonly record struct HeadAxes(
    (double X, double Y, double Z) Right,
    (double X, double Y, double Z) Down,
    (double X, double Y, double Z) Away
)
{
    /// <summary>
    /// The same rotation as angles about the camera's x, y and z axes, in radians, the one about z first: R = Rx Ry Rz, as OpenFace states
    /// them.
    /// </summary>
    public (double X, double Y, double Z) Angles =>
        (Math.Atan2(-Away.Y, Away.Z), Math.Asin(Math.Clamp(Away.X, -1, 1)), Math.Atan2(-Down.X, Right.X));

    /// <summary>The pose that has these <see cref="Angles"/>.</summary>
    public static HeadPose PoseOf(double x, double y, double z)
    {
        var (sinX, cosX) = Math.SinCos(x);
        var (sinY, cosY) = Math.SinCos(y);
        var (sinZ, cosZ) = Math.SinCos(z);
        return new HeadPose(
            Degrees(-Math.Atan2(sinY, cosX * cosY)),
            Degrees(-Math.Asin(Math.Clamp(sinX * cosY, -1, 1))),
            Degrees(Math.Atan2((cosX * sinZ) + (sinX * sinY * cosZ), (cosX * cosZ) - (sinX * sinY * sinZ)))
        );

        static float Degrees(double angle) => (float)(angle * 180 / Math.PI);
    }

    /// <summary>The axes of a pose.</summary>
    public static HeadAxes Of(HeadPose pose)
    {
        // Yaw and pitch are the other way round than angles about y and x.
        var (sinYaw, cosYaw) = Math.SinCos(-pose.Yaw * Math.PI / 180);
        var (sinPitch, cosPitch) = Math.SinCos(-pose.Pitch * Math.PI / 180);
        var (sinRoll, cosRoll) = Math.SinCos(pose.Roll * Math.PI / 180);
        return new HeadAxes(
            Turned(cosRoll, cosPitch * sinRoll, sinPitch * sinRoll),
            Turned(-sinRoll, cosPitch * cosRoll, sinPitch * cosRoll),
            Turned(0, -sinPitch, cosPitch)
        );

        (double X, double Y, double Z) Turned(double x, double y, double z) =>
            ((cosYaw * x) + (sinYaw * z), y, (cosYaw * z) - (sinYaw * x));
    }
}
