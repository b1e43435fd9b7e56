using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Inference;
using FaceLandmark.Inference.DrpAi;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Tests.Inference.DrpAi;

/// <summary>The doubles have one state, so that these tests are one class and run one after the other.</summary>
public sealed class DrpAiEngineTests : IDisposable
{
    private readonly Board _board = new();
    private readonly FramePool _pool = new();
    private readonly FaceTensor _tensor = new(256, 98);

    public void Dispose()
    {
        _tensor.Dispose();
        _pool.Dispose();
        _board.Dispose();
    }

    [Theory]
    [InlineData("well")]
    [InlineData("half")]
    public void A_region_becomes_a_tensor_and_the_tensor_landmarks(string condition)
    {
        _board.Set(condition);
        using (var engine = new DrpAiEngine(_board.Options))
        using (var frame = Frame())
        {
            engine.Preprocessor.Prepare(frame, new Region(10, 20, 100, 100), _tensor);
            // The double's tensor is the luma of the region's corner, (x + cof_add) * cof_mul.
            var luma = frame.Data[2 * ((20 * 640) + 10)];
            float[] expected = [(luma - (255 * 0.485f)) / (255 * 0.229f), (luma - (255 * 0.456f)) / (255 * 0.224f), (luma - (255 * 0.406f)) / (255 * 0.225f)];
            for (var channel = 0; channel < 3; channel++)
                Assert.Equal(expected[channel], _tensor.Input[(channel * 256 * 256) + 12345], 1e-4f);
            engine.Run(_tensor);
            foreach (var value in _tensor.Output)
                Assert.Equal(expected.Average(), value, condition == "half" ? 2e-3f : 1e-3f); // the mean of the input

            Assert.Equal(("drpai", false, "WFLW-98"), (engine.Info.Name, engine.Info.Device.Emulated, engine.Info.Model.LandmarkSet));
            Assert.Equal(64, engine.Info.Model.Sha256!.Length);
            Assert.Equal(2, _board.OpenFiles);
        }

        Assert.Equal(0, _board.OpenFiles);
    }

    [Fact]
    public void A_region_beyond_the_frame_gets_the_same_steps_on_the_cpu()
    {
        using var engine = new DrpAiEngine(_board.Options);
        using var frame = Frame();
        using var emulated = new EmulatedPreprocessor(new ModelCard { Name = "m", File = "m" });
        using var expected = new FaceTensor(256, 98);
        foreach (var region in (Region[])[new(-1, 0, 100, 100), new(541, 0, 100, 100), new(0, 381, 100, 100)])
        {
            engine.Preprocessor.Prepare(frame, region, _tensor);
            emulated.Prepare(frame, region, expected);
            Assert.True(_tensor.Input.SequenceEqual(expected.Input), $"{region}");
        }
    }

    [Theory]
    [InlineData("no driver", "/dev/drpai0 can't be opened")]
    [InlineData("busy", "in use by another node")]
    public void What_the_device_refuses_is_a_sentence(string condition, string part)
    {
        _board.Set(condition);
        Assert.Contains(part, Assert.Throws<EngineException>(() => new DrpAiEngine(_board.Options)).Message, StringComparison.Ordinal);
        Assert.Equal(0, _board.OpenFiles);
    }

    [Fact]
    public void A_failed_run_is_a_sentence_and_the_next_one_works()
    {
        using var engine = new DrpAiEngine(_board.Options);
        _board.FailRuns(true);
        Assert.Contains("DRP-AI error 5", Assert.Throws<EngineException>(() => engine.Run(_tensor)).Message, StringComparison.Ordinal);
        _board.FailRuns(false);
        engine.Run(_tensor);
    }

    [Fact]
    public void A_hang_is_told_in_time_and_holds_nothing_up()
    {
        using var engine = new DrpAiEngine(_board.Options with { HangAfter = TimeSpan.FromSeconds(1) });
        _board.Set("hang");
        Assert.Contains("within 1000 ms", Assert.Throws<EngineException>(() => engine.Run(_tensor)).Message, StringComparison.Ordinal);
        Assert.Contains("still hangs", Assert.Throws<EngineException>(() => engine.Run(_tensor)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_missing_part_of_a_model_object_is_named()
    {
        File.Delete(Path.Combine(_board.Folder, "deploy.json"));
        Directory.Delete(Path.Combine(_board.Folder, "preprocess"));
        var refusal = Assert.Throws<EngineException>(() => DrpAiObject.Read(_board.Folder)).Message;
        Assert.Contains("lacks deploy.json, preprocess/", refusal, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(_board.Folder, "mera.plan"), "plan");
        Directory.CreateDirectory(Path.Combine(_board.Folder, "preprocess"));
        Assert.Equal("mera.plan", DrpAiObject.Read(_board.Folder).File);
    }

    private Frame Frame()
    {
        var frame = _pool.Rent(640, 480, PixelLayout.Yuy2);
        new Random(5).NextBytes(frame.Data);
        return frame;
    }
}
