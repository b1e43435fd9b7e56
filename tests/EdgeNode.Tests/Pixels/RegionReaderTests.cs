using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;
using FaceLandmark.Pixels;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Tests.Pixels;

public sealed class RegionReaderTests : IDisposable
{
    private readonly FramePool _pool = new();

    public void Dispose() => _pool.Dispose();

    [Theory]
    [InlineData(256, 640, 480)]
    [InlineData(128, 322, 241)]
    [InlineData(100, 97, 83)]
    [InlineData(20, 64, 48)]
    public void An_upright_region_is_byte_for_byte_what_OpenCV_gives(int size, int width, int height)
    {
        using var openCv = new OpenCvPreprocessor(Card(size));
        var reader = new RegionReader(size);
        var random = new Random(width);
        foreach (var layout in new[] { PixelLayout.Yuy2, PixelLayout.Bgr })
        {
            using var frame = PixelScene.Rent(_pool, layout == PixelLayout.Yuy2 ? width & ~1 : width, height, layout);
            foreach (var region in Regions(random, width, height))
            {
                reader.Open(frame, region);
                var (most, share) = PixelScene.Difference(openCv.ToRgb(frame, region), reader.Read, reader.Row);
                Assert.True(most == 0, $"{region} of {layout}: up to {most} levels, {share:P3} of the values");
            }
        }
    }

    [Theory]
    [InlineData(256, 640, 480)]
    [InlineData(100, 97, 83)]
    public void A_turned_region_is_within_a_level_of_OpenCVs(int size, int width, int height)
    {
        using var openCv = new OpenCvPreprocessor(Card(size));
        var reader = new RegionReader(size);
        var random = new Random(width);
        foreach (var layout in new[] { PixelLayout.Yuy2, PixelLayout.Bgr })
        {
            using var frame = PixelScene.Rent(_pool, layout == PixelLayout.Yuy2 ? width & ~1 : width, height, layout);
            foreach (var upright in Regions(random, width, height))
            {
                foreach (var degrees in new[] { 20, -45, 90, 135, 180, random.Next(-180, 180) })
                {
                    var region = upright with { Degrees = degrees };
                    reader.Open(frame, region);
                    var (most, share) = PixelScene.Difference(openCv.ToRgb(frame, region), reader.Read, reader.Row);
                    Assert.True(most <= 1, $"{region} of {layout}: up to {most} levels, {share:P3} of the values");
                }
            }
        }
    }

    [Fact]
    public void Nothing_is_allocated_from_region_to_region()
    {
        using var frame = PixelScene.Rent(_pool, 640, 480, PixelLayout.Yuy2);
        using var tensor = new FaceTensor(256, 98);
        using var preprocessor = new CpuPreprocessor(Card(256));
        Region[] regions = [new(100, 50, 300, 300), new(-30, 20, 220, 220), new(150, 90, 260, 260, 35)];
        foreach (var region in regions)
            preprocessor.Prepare(frame, region, tensor);

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var region in regions)
            preprocessor.Prepare(frame, region, tensor);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static IEnumerable<Region> Regions(Random random, int width, int height)
    {
        yield return new Region(0, 0, width, height);
        yield return new Region(1, 1, 1, 1);
        yield return new Region(-9, -9, width + 30, width + 30);
        yield return new Region(width, 0, 10, 10);
        yield return new Region(3, 5, 64, 64);
        for (var i = 0; i < 10; i++)
        {
            var side = random.Next(2, width);
            yield return new Region(random.Next(-side / 2, width - (side / 2)), random.Next(-side / 2, height - (side / 2)), side, side);
        }
    }

    private static ModelCard Card(int size) =>
        new()
        {
            Name = "m",
            File = "m.onnx",
            InputSize = size,
        };
}
