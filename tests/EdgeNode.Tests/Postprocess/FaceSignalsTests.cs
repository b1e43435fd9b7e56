using FaceLandmark.Faces;
using FaceLandmark.Postprocess;

namespace FaceLandmark.Tests.Postprocess;

public sealed class FaceSignalsTests
{
    // Rigid points of a head in cm, chosen here by hand and not those of the fit: x to the picture's right, y down, z away from the camera.
    private static readonly (int Landmark, float X, float Y, float Z)[] s_head =
    [
        (60, -4.5f, -2.7f, -3.1f), (64, -1.8f, -2.6f, -3.7f), (68, 1.8f, -2.6f, -3.7f), (72, 4.5f, -2.7f, -3.1f),
        (51, 0, -3.2f, -5.2f), (54, 0, 1.1f, -7.5f), (57, 0, 2.1f, -6.1f),
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

        Assert.Equal(yaw, pose.Yaw, 1.5f);
        Assert.Equal(pitch, pose.Pitch, 1.5f);
        Assert.Equal(roll, pose.Roll, 1.5f);
    }

    // The signs once more, without a rotation matrix: what moves where in the picture.
    [Fact]
    public void The_nose_goes_where_the_face_looks()
    {
        Assert.InRange(HeadPoseFit.Of(NoseMoved(10, 0)).Yaw, 3, 40);
        Assert.InRange(HeadPoseFit.Of(NoseMoved(-10, 0)).Yaw, -40, -3);
        Assert.InRange(HeadPoseFit.Of(NoseMoved(0, -10)).Pitch, 3, 40);
        Assert.InRange(HeadPoseFit.Of(NoseMoved(0, 10)).Pitch, -40, -3);
        Assert.InRange(HeadPoseFit.Of(Shape.Mean(degrees: 20)).Roll, 19.5f, 20.5f);

        static float[] NoseMoved(float x, float y) =>
            Shape.Changed(Shape.Mean(), (i, u, v) => i is >= 52 and <= 59 ? (u + x, v + y) : (u, v));
    }

    [Fact]
    public void The_mean_face_looks_into_the_camera_and_its_mirror_image_the_other_way()
    {
        var mean = HeadPoseFit.Of(Shape.Mean());
        Assert.InRange(mean.Yaw, -1, 1);
        Assert.InRange(mean.Pitch, -5, 5);
        Assert.InRange(mean.Roll, -1, 1);

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
        Assert.Equal(HeadPoseFit.Of(Shape.Mean()), HeadPoseFit.Of(Shape.Changed(Shape.Mean(), (i, x, y) => i is (> 4 and < 28) or (>= 76 and <= 95) ? (x, y + 20) : (x, y))));

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
        var face = Shape.Face(Shape.Changed(Shape.Mean(), (i, x, y) => i is >= 60 and <= 67 ? (closed[2 * i], closed[(2 * i) + 1]) : (x, y)));

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
        return Shape.Changed(mean, (i, x, y) =>
            i is >= 60 and <= 75 or >= 88 and <= 95 ? (x, Corners(i) + (gap * (y - Corners(i)))) : (x, y));

        float Corners(int i)
        {
            var first = i >= 88 ? 88 : i >= 68 ? 68 : 60;
            return (mean[(2 * first) + 1] + mean[(2 * first) + 9]) / 2;
        }
    }

    /// <summary>The head seen from afar: turned by roll, then pitch, then yaw, about its own axes as <see cref="HeadPose"/> defines them.</summary>
    private static float[] Head(float yaw, float pitch, float roll)
    {
        var (sinYaw, cosYaw) = MathF.SinCos(yaw * MathF.PI / 180);
        var (sinPitch, cosPitch) = MathF.SinCos(pitch * MathF.PI / 180);
        var (sinRoll, cosRoll) = MathF.SinCos(roll * MathF.PI / 180);
        var points = new float[196];
        foreach (var (landmark, x, y, z) in s_head)
        {
            var (x1, y1) = ((cosRoll * x) - (sinRoll * y), (sinRoll * x) + (cosRoll * y));
            var (y2, z2) = ((cosPitch * y1) + (sinPitch * z), (-sinPitch * y1) + (cosPitch * z));
            points[2 * landmark] = 300 + (12 * ((cosYaw * x1) - (sinYaw * z2)));
            points[(2 * landmark) + 1] = 200 + (12 * y2);
        }

        return points;
    }
}
