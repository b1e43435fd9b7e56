using FaceLandmark.Capture;
using FaceLandmark.Tests.Locate;
using OpenCvSharp;

namespace FaceLandmark.Tests.Capture;

public sealed class SceneCutsTests : IDisposable
{
    private const int Width = 640;
    private const int Height = 480;
    private readonly SceneCuts _cuts = new();
    private readonly Mat _one = Luma(1, 0);
    private readonly Mat _other = Luma(2, 0);

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Another_picture_is_a_cut_and_the_next_frames_of_it_are_none()
    {
        Assert.Equal([false, false, true, false, true], Cuts(_one, _one, _other, _other, _one));
    }

    [Fact]
    public void A_flash_and_darkness_over_the_same_picture_are_none()
    {
        using var bright = new Mat();
        using var dark = new Mat();
        _one.ConvertTo(bright, MatType.CV_8UC1, 1, 90);
        _one.ConvertTo(dark, MatType.CV_8UC1, 0.2, 0);
        Assert.Equal([false, false, false, false, false], Cuts(_one, bright, _one, dark, _one));
    }

    [Fact]
    public void A_quick_pan_is_none()
    {
        var pictures = Enumerable.Range(0, 6).Select(frame => Luma(1, 40 * frame)).ToArray();
        Assert.All(Cuts(pictures), Assert.False);
        Array.ForEach(pictures, picture => picture.Dispose());
    }

    [Fact]
    public void A_picture_after_a_blank_one_is_a_cut_and_noise_in_the_dark_is_none()
    {
        using var blank = new Mat(Height, Width, MatType.CV_8UC1, new Scalar(16));
        Assert.Equal([false, false, true], Cuts(blank, blank, _one));

        var noise = new SceneCuts();
        var random = new Random(1);
        var frames = Enumerable.Range(0, 20).Select(_ => Enumerable.Range(0, Width * Height).Select(_ => (byte)random.Next(60)).ToArray());
        Assert.Equal(1, frames.Count(frame => noise.IsCut(frame, Width, Height))); // the first that has one before
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(8000, 2)]
    [InlineData(2, 6000)]
    public void Pictures_of_any_size_are_looked_at(int width, int height)
    {
        Assert.False(_cuts.IsCut(new byte[width * height], width, height));
        Assert.False(_cuts.IsCut(new byte[width * height], width, height));
    }

    private List<bool> Cuts(params Mat[] frames) =>
        [
            .. frames.Select(frame =>
            {
                frame.GetArray(out byte[] luma);
                return _cuts.IsCut(luma, Width, Height);
            }),
        ];

    private static Mat Luma(int sample, int x)
    {
        using var picture = Cv2.ImRead(Photograph.PathOf(sample), ImreadModes.Grayscale);
        using var part = picture[new Rect(x, 0, Width, Height)];
        return part.Clone();
    }
}
