using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Tests.Preprocess;

public sealed class EmulatedPreprocessorTests
{
    private static readonly ModelCard s_card = new()
    {
        Name = "m",
        File = "m.onnx",
        InputSize = 64,
    };

    [Fact]
    public void Each_step_rounds_to_the_nearest_half_and_ties_to_even()
    {
        var add = Fp16Reference.Round(-255.0 * 0.485f);
        var multiply = Fp16Reference.Round(1 / (255.0 * 0.229f));
        var table = EmulatedPreprocessor.Standardise(0.485f, 0.229f);
        for (var value = 0; value < 256; value++)
            Assert.Equal(Fp16Reference.Round(Fp16Reference.Round(value + add) * multiply), table[value]);
    }

    [Theory]
    [InlineData(PixelLayout.Bgr)]
    [InlineData(PixelLayout.Yuy2)]
    internal void The_picture_is_that_of_the_cpu_path_but_for_the_rounding(PixelLayout layout)
    {
        using var pool = new FramePool();
        using var frame = pool.Rent(160, 120, layout);
        new Random(16).NextBytes(frame.Data);
        using var cpu = new CpuPreprocessor(s_card);
        using var emulated = new EmulatedPreprocessor(s_card);
        using var expected = new FaceTensor(64, 98);
        using var actual = new FaceTensor(64, 98);
        foreach (var region in (Region[])[new(31, 20, 80, 80), new(-20, -10, 70, 70), new(0, 0, 160, 120)])
        {
            cpu.Prepare(frame, region, expected);
            emulated.Prepare(frame, region, actual);
            var worst = 0f;
            for (var i = 0; i < actual.Input.Length; i++)
                worst = Math.Max(worst, Math.Abs(actual.Input[i] - expected.Input[i]));
            Assert.InRange(worst, 1e-5f, 4e-3f); // it does round; values go up to 2.7, whose half has a step of 2 / 1024
        }
    }
}
