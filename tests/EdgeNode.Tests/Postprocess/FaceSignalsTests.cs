using FaceLandmark.Faces;
using FaceLandmark.Postprocess;

namespace FaceLandmark.Tests.Postprocess;

public sealed class FaceSignalsTests
{
    // Rigid points of a head in cm that is not the fit's: x (to the picture's right) and y (down) are the means of 1288 faces that people
    // marked and that look ahead, z (away from the camera) was chosen by hand.
    private static readonly (int Landmark, float X, float Y, float Z)[] s_head =
    [
        (60, -4.45f, 0, -3.6f),
        (64, -1.7f, 0.16f, -4.15f),
        (68, 1.7f, 0.16f, -4.15f),
        (72, 4.45f, 0, -3.6f),
        (51, 0, -0.06f, -5.7f),
        (54, 0, 3.67f, -7.1f),
        (57, 0, 4.54f, -5.6f),
    ];

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(20, 0, 0)]
    [InlineData(-45, 0, 0)]
    [InlineData(0, 15, 0)]
    [InlineData(0, -30, 0)]
    [InlineData(0, 0, 35)]
    [InlineData(0, 0, -120)]
    [InlineData(25, -10, 15)]
    [InlineData(-30, 20, -40)]
    public void A_turned_head_is_measured_in_degrees(float yaw, float pitch, float roll)
    {
        var pose = HeadPoseFit.Of(Head(yaw, pitch, roll));

        Assert.Equal(yaw, pose.Yaw, 4f);
        Assert.Equal(pitch, pose.Pitch, 4f);
        Assert.Equal(roll, pose.Roll, 4f);
    }

    // docs/mqtt.md states these errors.
    [Theory]
    [InlineData(100_000, 0, 60, 0.1, 0.1, 0.1)]
    [InlineData(60, 0, 20, 2.5, 1.8, 0.8)]
    [InlineData(60, 20, 60, 5.5, 1.5, 1.6)]
    public void Known_rotations_of_the_mean_head_are_measured(double distance, int from, int to, double yaw, double pitch, double roll)
    {
        var random = new Random(1);
        var (errors, head) = (new double[3], HeadPoseFit.Head.ToArray());
        const int Turns = 500;
        for (var i = 0; i < Turns; i++)
        {
            var (y, p, r) = (Within(from, to) * (random.Next(2) == 0 ? -1 : 1), Within(-30, 30), Within(-30, 30));
            var pose = HeadPoseFit.Of(
                Seen(head.Select(point => (point.Landmark, (float)point.X, (float)point.Y, (float)point.Z)), y, p, r, (float)distance)
            );
            errors[0] += Math.Abs(pose.Yaw - y) / Turns;
            errors[1] += Math.Abs(pose.Pitch - p) / Turns;
            errors[2] += Math.Abs(pose.Roll - r) / Turns;
        }

        Assert.InRange(errors[0], 0, yaw);
        Assert.InRange(errors[1], 0, pitch);
        Assert.InRange(errors[2], 0, roll);

        float Within(double low, double high) => (float)(low + ((high - low) * random.NextDouble()));
    }

    // The signs once more, without a rotation matrix: what moves where in the picture.
    [Fact]
    public void The_nose_goes_where_the_face_looks()
    {
        Assert.InRange(HeadPoseFit.Of(NoseMoved(10, 0)).Yaw, 3, 40);
        Assert.InRange(HeadPoseFit.Of(NoseMoved(-10, 0)).Yaw, -40, -3);
        var ahead = HeadPoseFit.Of(Shape.Mean()).Pitch;
        Assert.InRange(HeadPoseFit.Of(NoseMoved(0, -10)).Pitch - ahead, 3, 40);
        Assert.InRange(HeadPoseFit.Of(NoseMoved(0, 10)).Pitch - ahead, -40, -3);
        Assert.InRange(HeadPoseFit.Of(Shape.Mean(degrees: 20)).Roll, 19.5f, 20.5f);

        static float[] NoseMoved(float x, float y) =>
            Shape.Changed(Shape.Mean(), (i, u, v) => i is >= 52 and <= 59 ? (u + x, v + y) : (u, v));
    }

    [Fact]
    public void The_mean_of_portraits_looks_into_the_camera_and_its_mirror_image_the_other_way()
    {
        var mean = HeadPoseFit.Of(Head(0, 0, 0));
        Assert.InRange(mean.Yaw, -0.5f, 0.5f);
        Assert.InRange(mean.Pitch, -1.5f, 1.5f);
        Assert.InRange(mean.Roll, -0.5f, 0.5f);

        var (left, right) = (HeadPoseFit.Of(Head(-25, 10, 15)), HeadPoseFit.Of(Head(25, 10, -15)));
        Assert.Equal(-left.Yaw, right.Yaw, 0.1f);
        Assert.Equal(left.Pitch, right.Pitch, 0.1f);
        Assert.Equal(-left.Roll, right.Roll, 0.1f);
    }

    [Fact]
    public void Yaw_grows_with_every_degree_of_a_turn()
    {
        var yaws = Enumerable.Range(-60, 121).Select(degrees => HeadPoseFit.Of(Head(degrees, 5, 3)).Yaw).ToArray();

        Assert.Equal(yaws.Order(), yaws);
    }

    [Fact]
    public void An_open_mouth_is_no_nod() =>
        Assert.Equal(
            HeadPoseFit.Of(Shape.Mean()),
            HeadPoseFit.Of(Shape.Changed(Shape.Mean(), (i, x, y) => i is (> 4 and < 28) or (>= 76 and <= 95) ? (x, y + 20) : (x, y)))
        );

    [Fact]
    public void Openness_grows_from_closed_to_wide_open()
    {
        float[] gaps = [0, 0.5f, 1, 1.5f, 4];
        var faces = gaps.Select(gap => Shape.Face(Lids(gap))).ToArray();
        foreach (var face in faces)
            FaceSignals.Measure(face);

        Assert.Equal(faces.Select(face => face.LeftEye).Order(), faces.Select(face => face.LeftEye));
        Assert.Equal(faces.Select(face => face.Mouth).Order(), faces.Select(face => face.Mouth));
        Assert.All(faces, face => Assert.Equal(face.LeftEye, face.RightEye, 0.01f));
        Assert.Equal(0, faces[0].LeftEye);
        Assert.InRange(faces[0].Mouth, 0, 0.01f);
        Assert.InRange(faces[2].LeftEye, 0.4f, 0.8f);
        Assert.InRange(faces[2].Mouth, 0, 0.4f);
        Assert.Equal(1, faces[^1].LeftEye);
    }

    [Fact]
    public void One_closed_eye_is_on_the_side_where_it_is_in_the_picture()
    {
        var closed = Lids(0);
        var face = Shape.Face(
            Shape.Changed(Shape.Mean(), (i, x, y) => i is >= 60 and <= 67 ? (closed[2 * i], closed[(2 * i) + 1]) : (x, y))
        );

        FaceSignals.Measure(face);

        Assert.Equal(0, face.LeftEye);
        Assert.InRange(face.RightEye, 0.4f, 1);
    }

    [Fact]
    public void Other_layouts_and_collapsed_points_have_no_signals()
    {
        var (other, spot) = (Shape.Face(new float[136]), Shape.Face(new float[196]));

        FaceSignals.Measure(other);
        FaceSignals.Measure(spot);

        Assert.All([other, spot], face => Assert.Equal((default(HeadPose), 0, 0, 0), (face.Pose, face.LeftEye, face.RightEye, face.Mouth)));
    }

    [Fact]
    public void Measuring_a_face_allocates_nothing()
    {
        var face = Shape.Face(Shape.Mean());
        var fractions = Shape.Mean(0.4f, 0, 0.5f, 0.5f);
        All();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
            All();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(face.IsPresent);

        void All()
        {
            var finite = LandmarkProjection.Project(fractions, new FaceLandmark.Faces.Region(10, 10, 200, 200), face.Points);
            PresenceGate.Apply(face, finite, float.NaN, 0.5f);
            FaceSignals.Measure(face);
        }
    }

    /// <summary>The mean face with the gaps of lids and inner lips multiplied.</summary>
    private static float[] Lids(float gap)
    {
        var mean = Shape.Mean();
        return Shape.Changed(
            mean,
            (i, x, y) => i is >= 60 and <= 75 or >= 88 and <= 95 ? (x, Corners(i) + (gap * (y - Corners(i)))) : (x, y)
        );

        float Corners(int i)
        {
            var first =
                i >= 88 ? 88
                : i >= 68 ? 68
                : 60;
            return (mean[(2 * first) + 1] + mean[(2 * first) + 9]) / 2;
        }
    }

    private static float[] Head(float yaw, float pitch, float roll) => Seen(s_head, yaw, pitch, roll, 100_000);

    /// <summary>
    /// A head seen from a distance in cm: turned by roll, then pitch, then yaw, about its own axes as <see cref="HeadPose"/> defines them.
    /// </summary>
    private static float[] Seen(
        IEnumerable<(int Landmark, float X, float Y, float Z)> head,
        float yaw,
        float pitch,
        float roll,
        float distance
    )
    {
        var (sinYaw, cosYaw) = MathF.SinCos(yaw * MathF.PI / 180);
        var (sinPitch, cosPitch) = MathF.SinCos(pitch * MathF.PI / 180);
        var (sinRoll, cosRoll) = MathF.SinCos(roll * MathF.PI / 180);
        var points = new float[196];
        foreach (var (landmark, x, y, z) in head)
        {
            var (x1, y1) = ((cosRoll * x) - (sinRoll * y), (sinRoll * x) + (cosRoll * y));
            var (y2, z2) = ((cosPitch * y1) + (sinPitch * z), (-sinPitch * y1) + (cosPitch * z));
            var (x3, z3) = ((cosYaw * x1) - (sinYaw * z2), (sinYaw * x1) + (cosYaw * z2));
            var scale = 12 / (1 + ((z3 + 5) / distance)); // the face is about 5 cm before the head's middle
            points[2 * landmark] = 300 + (scale * x3);
            points[(2 * landmark) + 1] = 200 + (scale * y2);
        }

        return points;
    }
}
