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
        using (var engine = new DrpAiEngine(_board.Options, needsCrop: true))
        using (var frame = Frame())
        {
            Paint(frame, 10, 20, 100, 100);
            engine.Preprocessor.Prepare(frame, new Region(10, 20, 100, 100), _tensor);
            float[] expected = [(200 / 255f - 0.485f) / 0.229f, (100 / 255f - 0.456f) / 0.224f, (50 / 255f - 0.406f) / 0.225f];
            for (var channel = 0; channel < 3; channel++)
            {
                foreach (var value in _tensor.Input.Slice(channel * 256 * 256, 256 * 256))
                    Assert.Equal(expected[channel], value, 0.06f); // 3 levels of 255
            }

            expected = [_tensor.Input[0], _tensor.Input[256 * 256], _tensor.Input[2 * 256 * 256]];
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
        using var engine = new DrpAiEngine(_board.Options, needsCrop: true);
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
    [InlineData("no driver", "/dev/drpai0 cannot be opened")]
    [InlineData("busy", "in use by another node")]
    [InlineData("no crop", "was compiled without Crop, so that every face would be cut from the wrong place")]
    [InlineData("crops elsewhere", "cuts a known picture at the wrong places")]
    public void What_the_device_refuses_is_a_sentence(string condition, string part)
    {
        _board.Set(condition);
        Assert.Contains(
            part,
            Assert.Throws<EngineException>(() => new DrpAiEngine(_board.Options, needsCrop: true)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(0, _board.OpenFiles);
    }

    [Theory]
    [InlineData("no crop")]
    [InlineData("crops elsewhere")]
    public void An_object_that_cannot_cut_regions_out_serves_whole_frames_only(string condition)
    {
        _board.Set(condition);
        using var engine = new DrpAiEngine(_board.Options, needsCrop: false);
        using var frame = Frame();
        engine.Preprocessor.Prepare(frame, new Region(0, 0, 640, 480), _tensor);
        var refusal = Assert.Throws<EngineException>(() => engine.Preprocessor.Prepare(frame, new Region(0, 0, 640, 479), _tensor)).Message;
        Assert.Contains("set Locate:Mode to full-frame", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_larger_than_the_object_was_compiled_for_is_refused()
    {
        using var engine = new DrpAiEngine(_board.Options, needsCrop: true);
        using var frame = _pool.Rent(1280, 720, PixelLayout.Yuy2);
        var refusal = Assert.Throws<EngineException>(() => engine.Preprocessor.Prepare(frame, new Region(0, 0, 100, 100), _tensor)).Message;
        Assert.Contains("A frame of 1280x720 is larger than the 640x480", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_as_the_library_is_refused_before_it_is_loaded()
    {
        var refusal = Assert
            .Throws<EngineException>(() => new DrpAiEngine(_board.Options with { Library = _board.Folder }, needsCrop: true))
            .Message;
        Assert.Contains("is a folder: name the file in it", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_hangs_is_counted_until_it_returns()
    {
        var engine = new DrpAiEngine(_board.Options with { HangAfter = TimeSpan.FromMilliseconds(50) }, needsCrop: true);
        _board.Set("hang");
        Assert.Throws<EngineException>(() => engine.Run(_tensor));
        engine.Dispose();
        Assert.Equal(1u, DrpAiLibrary.CallsUnderWay());
        _board.Set("well");
        Assert.True(SpinWait.SpinUntil(() => DrpAiLibrary.CallsUnderWay() == 0, Patience.Limit));
    }

    [Fact]
    public void A_failed_run_is_a_sentence_and_the_next_one_works()
    {
        using var engine = new DrpAiEngine(_board.Options, needsCrop: true);
        _board.FailRuns(true);
        Assert.Contains("DRP-AI error 5", Assert.Throws<EngineException>(() => engine.Run(_tensor)).Message, StringComparison.Ordinal);
        _board.FailRuns(false);
        engine.Run(_tensor);
    }

    [Fact]
    public void A_hang_is_told_in_time_and_holds_nothing_up()
    {
        using var engine = new DrpAiEngine(_board.Options with { HangAfter = TimeSpan.FromSeconds(1) }, needsCrop: true);
        _board.Set("hang");
        Assert.Contains("within 1000 ms", Assert.Throws<EngineException>(() => engine.Run(_tensor)).Message, StringComparison.Ordinal);
        Assert.Contains("still hangs", Assert.Throws<EngineException>(() => engine.Run(_tensor)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_missing_part_of_a_model_object_is_named()
    {
        File.Delete(Path.Combine(_board.Folder, "deploy.json"));
        Directory.Delete(Path.Combine(_board.Folder, "preprocess"), recursive: true);
        var refusal = Assert.Throws<EngineException>(() => DrpAiObject.Read(_board.Folder)).Message;
        Assert.Contains("lacks deploy.json, preprocess/", refusal, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(_board.Folder, "deploy.json"), "{}");
        Directory.CreateDirectory(Path.Combine(_board.Folder, "preprocess"));
        var weights = Path.Combine(_board.Folder, "deploy.params");
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^1]);
        Assert.Contains(
            "is cut off or damaged",
            Assert.Throws<EngineException>(() => DrpAiObject.Read(_board.Folder)).Message,
            StringComparison.Ordinal
        );
        File.WriteAllText(Path.Combine(_board.Folder, "deploy.so"), "kernels");
        Assert.Contains(
            "is not a shared library",
            Assert.Throws<EngineException>(() => DrpAiObject.Read(_board.Folder)).Message,
            StringComparison.Ordinal
        );

        File.WriteAllText(Path.Combine(_board.Folder, "mera.plan"), "plan");
        Assert.Equal("mera.plan", DrpAiObject.Read(_board.Folder).File);
    }

    private Frame Frame()
    {
        var frame = _pool.Rent(640, 480, PixelLayout.Yuy2);
        new Random(5).NextBytes(frame.Data);
        return frame;
    }

    /// <summary>Fills a rectangle with a colour that becomes (200, 100, 50) within 3 levels.</summary>
    private static void Paint(Frame frame, int left, int top, int width, int height)
    {
        for (var y = top; y < top + height; y++)
        {
            for (var x = left; x < left + width; x++)
            {
                frame.Data[2 * ((y * frame.Width) + x)] = 124;
                frame.Data[(2 * ((y * frame.Width) + x)) + 1] = x % 2 == 0 ? (byte)90 : (byte)175;
            }
        }
    }
}
