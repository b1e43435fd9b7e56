using FaceLandmark.Faces;

namespace FaceLandmark.Postprocess;

/// <summary>
/// Direction of a head by weak perspective: the affine map that lays a rigid face over the landmarks in the least squares sense, turned
/// into the nearest rotation. Eye corners and nose only: mouth and chin move with expression and would pass for a nod.
/// </summary>
internal static class HeadPoseFit
{
    /// <summary>Points of the WFLW-98 layout that a skull keeps rigid.</summary>
    private static readonly int[] s_landmarks = [60, 64, 68, 72, 51, 54, 57];

    /// <summary>
    /// Where they are on a head, in cm: x to the picture's right, y down, z away from the camera. Vertices 33, 133, 362, 263, 168, 1 and 2
    /// of the canonical face model of MediaPipe's face geometry module (Apache-2.0), y and z turned round, and the whole turned by 10.13
    /// degrees about x: so the median pitch of 1288 faces that people marked and that look ahead (Helen, LFPW, AFW, WFLW; yaw below 15) is
    /// 0.
    /// </summary>
    private static readonly double[] s_head =
    [
        -4.446,
        -2.064,
        -3.592,
        -1.856,
        -1.883,
        -4.154,
        1.856,
        -1.883,
        -4.154,
        4.446,
        -2.064,
        -3.592,
        0,
        -2.299,
        -5.730,
        0,
        2.425,
        -7.161,
        0,
        3.122,
        -5.596,
    ];

    /// <summary>The rigid points and where they are on the head: landmark, x, y, z in cm as above.</summary>
    internal static IEnumerable<(int Landmark, double X, double Y, double Z)> Head =>
        s_landmarks.Select((landmark, i) => (landmark, s_head[3 * i], s_head[(3 * i) + 1], s_head[(3 * i) + 2]));

    /// <summary>The pose of 98 points; zero for another number of points, or when they coincide.</summary>
    /// <param name="points">x0 y0 x1 y1 ... in pixels.</param>
    public static HeadPose Of(ReadOnlySpan<float> points)
    {
        if (points.Length != 2 * 98)
            return default;
        double meanX = 0,
            meanY = 0,
            headY = 0,
            headZ = 0;
        var count = s_landmarks.Length;
        for (var i = 0; i < count; i++)
        {
            meanX += points[2 * s_landmarks[i]] / count;
            meanY += points[(2 * s_landmarks[i]) + 1] / count;
            headY += s_head[(3 * i) + 1] / count;
            headZ += s_head[(3 * i) + 2] / count;
        }

        // The head is symmetrical, so x separates from y and z in the normal equations.
        double xx = 0,
            yy = 0,
            yz = 0,
            zz = 0;
        double ux = 0,
            uy = 0,
            uz = 0,
            vx = 0,
            vy = 0,
            vz = 0;
        for (var i = 0; i < count; i++)
        {
            var (u, v) = (points[2 * s_landmarks[i]] - meanX, points[(2 * s_landmarks[i]) + 1] - meanY);
            var (x, y, z) = (s_head[3 * i], s_head[(3 * i) + 1] - headY, s_head[(3 * i) + 2] - headZ);
            (xx, yy, yz, zz) = (xx + (x * x), yy + (y * y), yz + (y * z), zz + (z * z));
            (ux, uy, uz) = (ux + (u * x), uy + (u * y), uz + (u * z));
            (vx, vy, vz) = (vx + (v * x), vy + (v * y), vz + (v * z));
        }

        var determinant = (yy * zz) - (yz * yz);
        return FromRows(
            (ux / xx, ((uy * zz) - (uz * yz)) / determinant, ((uz * yy) - (uy * yz)) / determinant),
            (vx / xx, ((vy * zz) - (vz * yz)) / determinant, ((vz * yy) - (vy * yz)) / determinant)
        );
    }

    private static HeadPose FromRows((double X, double Y, double Z) a, (double X, double Y, double Z) b)
    {
        // Nearest orthonormal pair: (M Mt)^-1/2 M, with the closed form of the root of a 2 x 2 matrix.
        var (aa, ab, bb) = (Dot(a, a), Dot(a, b), Dot(b, b));
        var root = Math.Sqrt((aa * bb) - (ab * ab));
        var scale = root * Math.Sqrt(aa + bb + (2 * root));
        if (!(scale > 0))
            return default;
        var (ka, kb, kab) = ((bb + root) / scale, (aa + root) / scale, -ab / scale);
        var (right, down) = (Mix(a, ka, b, kab), Mix(b, kb, a, kab));
        // The face looks along -z of the head: minus the third column of the rotation.
        var (lookX, lookY) = (-right.Z, -down.Z);
        var lookAway = (right.X * down.Y) - (right.Y * down.X);
        return new HeadPose(
            Degrees(Math.Atan2(lookX, lookAway)),
            Degrees(Math.Asin(Math.Clamp(-lookY, -1, 1))),
            Degrees(Math.Atan2(down.X, down.Y))
        );
    }

    private static double Dot((double X, double Y, double Z) a, (double X, double Y, double Z) b) =>
        (a.X * b.X) + (a.Y * b.Y) + (a.Z * b.Z);

    private static (double X, double Y, double Z) Mix(
        (double X, double Y, double Z) a,
        double ka,
        (double X, double Y, double Z) b,
        double kb
    ) => ((ka * a.X) + (kb * b.X), (ka * a.Y) + (kb * b.Y), (ka * a.Z) + (kb * b.Z));

    private static float Degrees(double radians) => (float)(radians * 180 / Math.PI);
}
