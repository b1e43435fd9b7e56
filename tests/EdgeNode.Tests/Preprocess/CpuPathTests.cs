using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;
using FaceLandmark.Tests.Pixels;

namespace FaceLandmark.Tests.Preprocess;

public sealed class CpuPathTests
{
    [Theory]
    [InlineData(nameof(PreprocessPath.Opencv))]
    [InlineData(nameof(PreprocessPath.Original))]
    public void The_other_paths_give_the_same_tensor(string other)
    {
        var card = new ModelCard
        {
            Name = "m",
            File = "m.onnx",
            InputSize = 64,
        };
        using var pool = new FramePool();
        using var frame = PixelScene.Rent(pool, 160, 120, PixelLayout.Yuy2);
        using var own = CpuPath.Open(card, PreprocessPath.Own);
        using var path = CpuPath.Open(card, Enum.Parse<PreprocessPath>(other));
        using var expected = new FaceTensor(64, 98);
        using var actual = new FaceTensor(64, 98);
        Assert.NotEqual(own.GetType(), path.GetType());
        foreach (var region in (Region[])[new(31, 20, 80, 80), new(-20, -10, 70, 70), new(0, 0, 160, 120)])
        {
            own.Prepare(frame, region, expected);
            path.Prepare(frame, region, actual);
            for (var i = 0; i < expected.Input.Length; i++)
                Assert.Equal(expected.Input[i], actual.Input[i], 1e-5f);
        }
    }

    [Theory]
    [InlineData("Own", false, null)]
    [InlineData("Opencv", true, null)]
    [InlineData("Opencv", false, "Preprocess:Path is 'opencv', but OpenCV's native library cannot be loaded on this machine:")]
    [InlineData("Original", false, "Preprocess:Path is 'original', but OpenCV's native library cannot be loaded on this machine:")]
    public void A_path_that_needs_OpenCV_is_refused_where_it_does_not_load(string path, bool hasOpenCv, string? begins)
    {
        var refusal = CpuPath.Refusal(Enum.Parse<PreprocessPath>(path), hasOpenCv);

        if (begins is null)
            Assert.Null(refusal);
        else
            Assert.StartsWith(begins, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void This_machine_has_all_paths() => Assert.All(Enum.GetValues<PreprocessPath>(), path => Assert.Null(CpuPath.Refusal(path)));
}
