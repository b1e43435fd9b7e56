using System.Globalization;
using FaceLandmark.Tests.Inference;

namespace FaceLandmark.Tests.Cli;

/// <summary>Bad input from the outside: one clear sentence, the right exit code, no stack trace, nothing half-written.</summary>
public sealed class BadInputTests : IDisposable
{
    private const int Fault = 1;
    private const int BadUsage = 2;
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task A_missing_picture() => RefusedAsync(Fault, ["image", Path.Combine(_folder, "gone.jpg")], "gone.jpg");

    [Fact]
    public Task A_picture_without_bytes() => RefusedAsync(Fault, ["image", Write("empty.jpg", "")], "empty.jpg", "is empty (0 bytes)");

    [Fact]
    public Task A_picture_that_is_none() => RefusedAsync(Fault, ["image", Write("text.jpg", "no picture")], "text.jpg", "is not a picture");

    [Fact]
    public Task A_picture_cut_short()
    {
        var whole = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "assets", "demo", "sample1.jpg"));
        var path = Path.Combine(_folder, "cut.jpg");
        File.WriteAllBytes(path, whole[..200]);
        return RefusedAsync(Fault, ["image", path], "cut.jpg", "is damaged");
    }

    [Fact]
    public Task A_folder_without_pictures() => RefusedAsync(Fault, ["image", _folder], "has no pictures");

    [Fact]
    public Task A_region_that_is_none() =>
        RefusedAsync(BadUsage, ["image", "--region", "1,2,0,4", "x.jpg"], "--region is '1,2,0,4', but must be four whole numbers");

    [Fact]
    public Task A_video_that_cannot_be_read() =>
        RefusedAsync(Fault, ["--source", Write("clip.mp4", "no video"), "--frames", "1", Port()], "clip.mp4");

    [Fact]
    public Task A_camera_that_is_not_plugged_in() =>
        RefusedAsync(Fault, ["--source", "/dev/video97", "--frames", "1", Port()], "/dev/video97");

    [Fact]
    public Task A_source_that_is_nothing_known() =>
        RefusedAsync(Fault, ["--source", "nowhere", "--frames", "1", Port()], "'nowhere'", "not an existing file or folder");

    [Fact]
    public Task A_model_of_another_shape()
    {
        var path = Path.Combine(_folder, "grey.onnx");
        new TinyOnnx(64, TinyOnnx.Circle(98), channels: 1).Save(path);
        return RefusedAsync(
            Fault,
            ["--frames", "1", $"--Models:Default={path}", Port()],
            "grey.onnx is not a landmark model: expected one float32 input 1x3xSxS"
        );
    }

    [Fact]
    public Task A_model_that_gives_no_numbers()
    {
        var path = Path.Combine(_folder, "nan.onnx");
        var bias = TinyOnnx.Circle(98);
        bias[7] = float.NaN;
        new TinyOnnx(64, bias).Save(path);
        return RefusedAsync(Fault, ["--frames", "1", $"--Models:Default={path}", Port()], "nan.onnx gives no numbers (NaN or infinity)");
    }

    [Fact]
    public Task A_model_that_is_not_there() =>
        RefusedAsync(Fault, ["--frames", "1", "--Models:Default=gone", Port()], "There is no model 'gone'");

    [Fact]
    public Task A_setting_that_does_not_exist() =>
        RefusedAsync(BadUsage, ["--Mqtt:Prot=1"], "Mqtt:Prot is not a setting: Mqtt has Host, Port, ");

    [Fact]
    public Task A_value_out_of_range() =>
        RefusedAsync(BadUsage, ["--Preview:Quality=101"], "Preview:Quality is 101, but must be from 1 to 100.");

    [Fact]
    public Task A_configuration_file_that_is_not_there() =>
        RefusedAsync(BadUsage, ["--config", Path.Combine(_folder, "gone.json")], "gone.json is missing: correct --config.");

    [Fact]
    public Task An_option_that_does_not_exist() => RefusedAsync(BadUsage, ["run", "--frame", "3"], "'--frame'");

    [Fact]
    public Task A_number_of_frames_that_is_none() =>
        RefusedAsync(BadUsage, ["--frames", "0"], "--frames is '0', but must be a whole number above 0.");

    [Fact]
    public async Task A_port_that_is_taken()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var port = broker.Port.ToString(CultureInfo.InvariantCulture);
        await RefusedAsync(Fault, ["--frames", "1", $"--Mqtt:Port={port}"], $"Port {port} on loopback is taken", "Mqtt:Host");
    }

    [Fact]
    public async Task Expected_output_that_differs_is_told_with_the_greatest_difference()
    {
        var path = Path.Combine(_folder, "tiny.onnx");
        var bias = TinyOnnx.Circle(98);
        new TinyOnnx(64, bias).Save(path);
        var input = WriteFloats("input.f32", new float[3 * 64 * 64]);
        var (exitCode, output, _) = await NodeProcess.RunAsync(
            "model",
            "verify",
            path,
            "--input",
            input,
            "--expect",
            WriteFloats("good.f32", bias)
        );
        Assert.Equal((0, true), (exitCode, output.Contains("matches", StringComparison.Ordinal)));
        bias[5] += 0.01f;
        await RefusedAsync(
            Fault,
            ["model", "verify", path, "--input", input, "--expect", WriteFloats("bad.f32", bias)],
            "does not give the expected output: largest difference 0.01 at value 5"
        );
        await RefusedAsync(Fault, ["model", "verify", path, "--input", input, "--expect", input], "but the model needs 196 float32 values");
        await RefusedAsync(BadUsage, ["model", "verify", path, "--input", input], "--input and --expect go together");
    }

    [Fact]
    public async Task One_bad_picture_does_not_stop_the_others()
    {
        var good = Path.Combine(AppContext.BaseDirectory, "assets", "demo", "sample1.jpg");
        var annotated = Path.Combine(_folder, "annotated");
        var (exitCode, output, errors) = await NodeProcess.RunAsync(
            "image",
            "--json",
            "--annotate",
            annotated,
            Write("bad.png", "x"),
            good
        );
        Assert.Equal(Fault, exitCode);
        Assert.Contains("bad.png", errors, StringComparison.Ordinal);
        var message = Assert.Single(output.TrimEnd().Split('\n'));
        Assert.Equal(good, System.Text.Json.JsonDocument.Parse(message).RootElement.GetProperty("file").GetString());
        Assert.Equal(["sample1.jpg"], Directory.GetFiles(annotated).Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_an_evaluation_needs_is_asked_for_before_it_begins()
    {
        var list = Write("list.txt", "1 2 3 a.jpg");
        await RefusedAsync(BadUsage, ["model", "evaluate", "--list", list], "--images is missing");
        await RefusedAsync(
            BadUsage,
            ["model", "evaluate", "--list", list, "--images", _folder, "--plot", "curve.jpg"],
            "--plot is 'curve.jpg', but must name a .png file"
        );
        await RefusedAsync(Fault, ["model", "evaluate", "--list", list, "--images", _folder], "list.txt, line 1 has 4 fields");
        await RefusedAsync(Fault, ["model", "evaluate", "--list", _folder], "has no .pts files");
    }

    private static async Task RefusedAsync(int expected, string[] arguments, params string[] sentence)
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync(arguments);
        Assert.True(exitCode == expected, $"exit code {exitCode}: {errors}{output}");
        foreach (var part in sentence)
            Assert.Contains(part, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", errors, StringComparison.Ordinal);
    }

    private static string Port() => string.Create(CultureInfo.InvariantCulture, $"--Mqtt:Port={Ports.Free()}");

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    private string WriteFloats(string name, float[] values)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray());
        return path;
    }
}
