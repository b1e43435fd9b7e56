using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Pixels;
using OpenCvSharp;

namespace FaceLandmark.Tests.Pixels;

public sealed class AreaReaderTests
{
    [Theory]
    [InlineData(0, 0, 640, 480, 256, 192)]
    [InlineData(101, 37, 333, 400, 107, 128)]
    [InlineData(0, 0, 640, 480, 320, 240)]
    [InlineData(3, 5, 130, 129, 129, 128)]
    [InlineData(639, 0, 1, 480, 1, 256)]
    [InlineData(0, 0, 640, 480, 1, 1)]
    public void A_smaller_picture_is_within_a_level_of_OpenCVs(int x, int y, int width, int height, int toWidth, int toHeight)
    {
        using var pool = new FramePool();
        var (reader, row) = (new AreaReader(), new PlaneRow());
        foreach (var layout in new[] { PixelLayout.Yuy2, PixelLayout.Bgr })
        {
            using var frame = PixelScene.Rent(pool, 640, 480, layout);
            using var rgb = PixelScene.Rgb(frame);
            using var part = rgb[new Rect(x, y, width, height)];
            using var expected = part.Resize(new Size(toWidth, toHeight), 0, 0, InterpolationFlags.Area);
            row.Ensure(toWidth);
            reader.Open(frame, new Region(x, y, width, height), toWidth, toHeight);

            Assert.InRange(PixelScene.Difference(expected, line => reader.Read(line, row), row).Most, 0, 1);
        }
    }
}
