using System.Globalization;
using System.Text.Json;
using FaceLandmark.Faces;
using FaceLandmark.Models.Evaluation;
using FaceLandmark.Tests.Inference;

namespace FaceLandmark.Tests.Cli;

/// <summary>The verb <c>model evaluate</c> with a network of the same answer to any picture, so that its error is known.</summary>
public sealed class EvaluateTests : IDisposable
{
    private const int Side = 250; // the region of a box of 200 pixels
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-").FullName;
    private readonly string _model;

    public EvaluateTests()
    {
        _model = Path.Combine(_folder, "circle.onnx");
        new TinyOnnx(64, TinyOnnx.Circle(98)).Save(_model);
        Directory.CreateDirectory(Path.Combine(_folder, "faces"));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "assets", "demo", "sample1.jpg"), Path.Combine(_folder, "faces", "a.jpg"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_list_of_wflw_gives_error_attributes_and_a_curve()
    {
        // The box 100,100 to 300,300 has the region 75,75 to 325,325; every point is 6 pixels beside the network's answer.
        var answer = Answer(75, 75);
        var list = Path.Combine(_folder, "list.txt");
        var truth = Text(answer.Select((value, i) => i % 2 == 0 ? value - 6 : value));
        await File.WriteAllTextAsync(list, $"{truth} 100 100 300 300 0 1 0 0 0 0 faces/a.jpg\n", Token);
        var curve = Path.Combine(_folder, "curve.png");

        var report = await EvaluateAsync("--list", list, "--images", _folder, "--plot", curve);

        Assert.Equal(600 / LandmarkSets.InterOcular(answer), report.GetProperty("nmeMean").GetDouble(), 0.001);
        Assert.Equal((1, 98), (report.GetProperty("count").GetInt32(), report.GetProperty("points").GetInt32()));
        Assert.Equal(1, report.GetProperty("attributes").GetProperty("expression").GetProperty("count").GetInt32());
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], (await File.ReadAllBytesAsync(curve, Token))[..4]);
    }

    [Fact]
    public async Task A_folder_of_300_W_is_measured_on_68_points_with_pixels_from_one()
    {
        var truth = LandmarkSets.To68(Answer(75, 75));
        var region = Region.Around(Box.Of(truth)); // smaller than the one the truth was made for: the answer's circle shrinks
        var error = FaceError.Of(Answer(region.X, region.Y, region.Width), new AnnotatedFace("", Box.Of(truth), truth)).Nme;
        var lines = truth.Chunk(2).Select(point => string.Create(CultureInfo.InvariantCulture, $"{point[0] + 1:f4} {point[1] + 1:f4}"));
        var pts = "version: 1\nn_points: 68\n{\n" + string.Join('\n', lines) + "\n}\n";
        await File.WriteAllTextAsync(Path.Combine(_folder, "faces", "a.pts"), pts, Token);

        var report = await EvaluateAsync("--list", Path.Combine(_folder, "faces"));

        Assert.Equal(error, report.GetProperty("nmeMean").GetDouble(), 0.01);
        Assert.Equal(68, report.GetProperty("points").GetInt32());
    }

    [Fact]
    public async Task Each_model_has_its_line()
    {
        var list = Path.Combine(_folder, "list.txt");
        await File.WriteAllTextAsync(list, $"{Text(LandmarkSets.To68(Answer(75, 75)))} 100 100 300 300 faces/a.jpg\n", Token);

        var (exitCode, output, errors) = await NodeProcess.RunAsync(
            "model",
            "evaluate",
            "--json",
            "--model",
            _model,
            "deeppose-resnet18",
            "--list",
            list,
            "--images",
            _folder,
            "--detect"
        );

        Assert.True(exitCode == 0, errors);
        var names = output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("model").GetString());
        Assert.Equal(["circle", "deeppose-resnet18"], names);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static float[] Answer(int x, int y, int side = Side) =>
        [.. TinyOnnx.Circle(98).Select((fraction, i) => (i % 2 == 0 ? x : y) + (fraction * side))];

    private static string Text(IEnumerable<float> values) =>
        string.Join(' ', values.Select(value => value.ToString("f4", CultureInfo.InvariantCulture)));

    private async Task<JsonElement> EvaluateAsync(params string[] arguments)
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync(["model", "evaluate", "--json", "--model", _model, .. arguments]);
        Assert.True(exitCode == 0, errors);
        return JsonDocument.Parse(output).RootElement;
    }
}
