using FaceLandmark.Faces;
using FaceLandmark.Publish;
using FaceLandmark.Tests.Events;
using OpenCvSharp;
using SkiaSharp;

namespace FaceLandmark.Tests.Publish;

public sealed class FaceOverlayTests
{
    private static readonly Scalar s_grey = new(128, 128, 128, 255);
    private static readonly Vec4b s_pixel = new(128, 128, 128, 255);

    [Fact]
    public void Points_are_drawn_where_they_are_and_nothing_far_from_the_face_changes()
    {
        using var picture = new Mat(480, 640, MatType.CV_8UC4, s_grey);
        var face = Face(320, 240, 100);
        Draw(picture, [face]);

        var nose = picture.At<Vec4b>((int)face.Points[(2 * 54) + 1], (int)face.Points[2 * 54]);
        Assert.NotEqual(s_pixel, nose);
        using var changed = Changed(picture);
        var box = Cv2.BoundingRect(changed);
        Assert.InRange(box.Left, 200, 260);
        Assert.InRange(box.Right, 380, 440);
        Assert.InRange(box.Top, 140, 180);
        Assert.InRange(box.Bottom, 330, 380);
    }

    [Fact]
    public void The_scale_moves_points_into_a_smaller_picture()
    {
        using var picture = new Mat(240, 320, MatType.CV_8UC4, s_grey);
        Draw(picture, [Face(320, 240, 100)], 0.5f);
        using var changed = Changed(picture);
        var box = Cv2.BoundingRect(changed);
        Assert.InRange((box.Left + box.Right) / 2, 150, 170);
        Assert.InRange(box.Width, 75, 115);
    }

    [Fact]
    public void A_face_that_is_not_present_is_not_drawn()
    {
        using var picture = new Mat(480, 640, MatType.CV_8UC4, s_grey);
        var face = Face(320, 240, 100);
        face.IsPresent = false;
        Draw(picture, [face]);
        using var changed = Changed(picture);
        Assert.Equal(0, Cv2.CountNonZero(changed));
    }

    [Theory]
    [InlineData(0, 0, 100)]
    [InlineData(640, 480, 300)]
    [InlineData(-5000, 9000, 200)]
    [InlineData(320, 240, 2000)]
    public void Faces_beyond_the_edge_are_cut_off(float x, float y, float radius)
    {
        using var whole = new Mat(500, 660, MatType.CV_8UC4, s_grey);
        using var picture = new Mat(whole, new Rect(10, 10, 640, 480));
        Draw(picture, [Face(x, y, radius)]);
        picture.SetTo(s_grey);
        using var changed = Changed(whole);
        Assert.Equal(0, Cv2.CountNonZero(changed));
    }

    [Fact]
    public void Another_landmark_set_shows_its_points_without_contours()
    {
        using var picture = new Mat(480, 640, MatType.CV_8UC4, s_grey);
        var face = new Face(2)
        {
            IsPresent = true,
            Box = new(300, 200, 40, 40),
            Score = 0.5f,
        };
        (face.Points[0], face.Points[1], face.Points[2], face.Points[3]) = (310, 210, 330, 230);
        Draw(picture, [face]);
        Assert.NotEqual(s_pixel, picture.At<Vec4b>(210, 310));
        Assert.Equal(s_pixel, picture.At<Vec4b>(220, 320));
    }

    [Fact]
    public void The_label_is_legible_on_its_plate()
    {
        using var picture = new Mat(480, 640, MatType.CV_8UC4, s_grey);
        var face = Face(320, 300, 100);
        face.Score = 0.97f;
        Draw(picture, [face]);

        // Dark strokes on the yellow plate: as many as "#0 0.97" at this height has, neither a blot nor a scratch.
        using var yellow = new Mat();
        using var dark = new Mat();
        Cv2.InRange(picture, new Scalar(0, 190, 230, 0), new Scalar(40, 230, 255, 255), yellow);
        Cv2.InRange(picture, new Scalar(0, 0, 0, 0), new Scalar(90, 90, 90, 255), dark);
        var plate = Cv2.BoundingRect(yellow);
        Assert.InRange(Cv2.CountNonZero(dark), 30, 300);
        Assert.True(plate.Contains(Cv2.BoundingRect(dark)), $"{Cv2.BoundingRect(dark)} is not within {plate}");
    }

    [Fact]
    public void What_is_drawn_changes_little_by_little_with_the_size_of_the_face()
    {
        // The same points all the while, so that nothing but the size of the face counts; the box and its label are out of the way.
        var face = Face(100, 150, 80);
        using var picture = new Mat(300, 400, MatType.CV_8UC4);
        using var left = new Mat(picture, new Rect(0, 0, 200, 300));
        var drawn = new List<(float Size, double Sum)>();
        for (var size = 20f; size < 800; size *= 1.01f)
        {
            picture.SetTo(s_grey);
            face.Box = new Box(5000, 5000, size, size);
            Draw(picture, [face]);
            using var change = new Mat();
            Cv2.Absdiff(left, s_grey, change);
            var sum = Cv2.Sum(change);
            drawn.Add((size, sum.Val0 + sum.Val1 + sum.Val2));
        }

        Assert.True(drawn[^1].Sum > 2 * drawn[0].Sum, $"{drawn[0]} to {drawn[^1]}");
        foreach (var (before, after) in drawn.Zip(drawn.Skip(1)))
            Assert.InRange(after.Sum / before.Sum, 0.93, 1.07);
    }

    private static void Draw(Mat picture, ReadOnlySpan<Face> faces, float scale = 1)
    {
        var info = new SKImageInfo(picture.Width, picture.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using var surface = SKSurface.Create(info, picture.Data, (int)picture.Step());
        FaceOverlay.Draw(surface.Canvas, info.Size, faces, scale);
    }

    private static Face Face(float x, float y, float radius)
    {
        var face = new Face(98);
        FaceShape.Fill(face, x, y, radius);
        return face;
    }

    private static Mat Changed(Mat picture)
    {
        using var difference = new Mat();
        Cv2.Absdiff(picture, s_grey, difference);
        using var grey = new Mat();
        Cv2.CvtColor(difference, grey, ColorConversionCodes.BGRA2GRAY);
        var changed = new Mat();
        Cv2.Threshold(grey, changed, 0, 255, ThresholdTypes.Binary);
        return changed;
    }
}
