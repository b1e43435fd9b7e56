using FaceLandmark.Faces;

namespace FaceLandmark.Tests.Films;

public sealed class HeadAxesTests
{
    [Fact]
    public void A_head_that_looks_into_the_camera_has_the_cameras_axes()
    {
        var axes = HeadAxes.Of(default);
        Assert.Equal(((1, 0, 0), (0, 1, 0), (0, 0, 1)), (Rounded(axes.Right), Rounded(axes.Down), Rounded(axes.Away)));
    }

    [Fact]
    public void The_axes_point_where_the_pose_says()
    {
        // The face looks to where away points from.
        Assert.True(HeadAxes.Of(new HeadPose(30, 0, 0)).Away.X < -0.4, "yaw to the picture's right");
        Assert.True(HeadAxes.Of(new HeadPose(0, 30, 0)).Away.Y > 0.4, "pitch up");
        Assert.True(HeadAxes.Of(new HeadPose(0, 0, 30)).Right.Y > 0.4, "roll clockwise");
    }

    /// <summary>The rotation of the angles, by OpenFace's documentation (R = Rx Ry Rz), has these axes as its columns.</summary>
    [Theory]
    [InlineData(20, 0, 0)]
    [InlineData(-50, 15, 10)]
    [InlineData(10, -30, -60)]
    [InlineData(80, 40, 100)]
    public void The_angles_are_those_of_the_same_rotation(float yaw, float pitch, float roll)
    {
        var axes = HeadAxes.Of(new HeadPose(yaw, pitch, roll));
        var (x, y, z) = axes.Angles;
        var ((s1, c1), (s2, c2), (s3, c3)) = (Math.SinCos(x), Math.SinCos(y), Math.SinCos(z));
        AssertEqual((c2 * c3, (c1 * s3) + (c3 * s1 * s2), (s1 * s3) - (c1 * c3 * s2)), axes.Right);
        AssertEqual((-c2 * s3, (c1 * c3) - (s1 * s2 * s3), (c3 * s1) + (c1 * s2 * s3)), axes.Down);
        AssertEqual((s2, -c2 * s1, c1 * c2), axes.Away);
    }

    private static void AssertEqual((double X, double Y, double Z) expected, (double X, double Y, double Z) actual) =>
        Assert.Equal(Rounded(expected), Rounded(actual));

    private static (double X, double Y, double Z) Rounded((double X, double Y, double Z) axis) =>
        (Math.Round(axis.X, 6) + 0.0, Math.Round(axis.Y, 6) + 0.0, Math.Round(axis.Z, 6) + 0.0);
}
