using FaceLandmark.Capture;
using FaceLandmark.Pixels;

namespace FaceLandmark.Tests.Pixels;

public sealed unsafe class FrameRowsTests : IDisposable
{
    private readonly FramePool _pool = new();
    private readonly PlaneRow _row = new();

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Every_colour_of_YUY2_is_the_one_that_OpenCV_gives()
    {
        // A row for each U, and in it for each V all values of Y.
        using var frame = _pool.Rent(65536, 256, PixelLayout.Yuy2);
        for (var u = 0; u < 256; u++)
        {
            var row = frame.Data.Slice(u * frame.Stride, frame.Stride);
            for (var pair = 0; pair < 32768; pair++)
            {
                var (v, y) = (pair >> 7, (pair & 127) * 2);
                (row[4 * pair], row[(4 * pair) + 1], row[(4 * pair) + 2], row[(4 * pair) + 3]) = ((byte)y, (byte)u, (byte)(y + 1), (byte)v);
            }
        }

        _row.Ensure(65536);
        using var expected = PixelScene.Rgb(frame);
        void Read(int y) => FrameRows.Read(frame, y, 0, 65536, _row.Red, _row.Green, _row.Blue);
        Assert.Equal((0, 0.0), PixelScene.Difference(expected, Read, _row));
    }

    [Theory]
    [InlineData(2, 0, 2)]
    [InlineData(14, 3, 13)]
    [InlineData(16, 0, 16)]
    [InlineData(18, 1, 18)]
    [InlineData(40, 5, 38)]
    [InlineData(64, 0, 63)]
    [InlineData(98, 33, 98)]
    [InlineData(640, 101, 402)]
    public void Any_part_of_a_row_is_read(int width, int left, int right)
    {
        foreach (var layout in new[] { PixelLayout.Yuy2, PixelLayout.Bgr })
        {
            using var frame = PixelScene.Rent(_pool, width, 3, layout);
            using var expected = PixelScene.Rgb(frame);
            var first = FrameRows.FirstColumn(frame, left);
            _row.Ensure(width);
            FrameRows.Read(frame, 2, first, right, _row.Red, _row.Green, _row.Blue);
            var pixels = (byte*)expected.Ptr(2);
            for (var x = first; x < right; x++)
                Assert.Equal(
                    (pixels[3 * x], pixels[(3 * x) + 1], pixels[(3 * x) + 2]),
                    (_row.Red[x - first], _row.Green[x - first], _row.Blue[x - first])
                );
        }
    }
}
