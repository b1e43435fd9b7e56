using System.Text.Json;

namespace FaceLandmark.Tests.Cli;

/// <summary>The verbs <c>image</c>, <c>model</c> and <c>doctor</c> on real photographs.</summary>
public sealed class ImageTests : IDisposable
{
    private readonly string _photographs = Path.Combine(AppContext.BaseDirectory, "assets", "demo");
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_clearly_visible_face_of_the_photographs_is_found_and_its_points_lie_in_order()
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync("image", "--json", "--annotate", _folder, _photographs);
        Assert.True(exitCode == 0, errors);
        var messages = output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(6, messages.Count);
        // Of 22; one is a profile, whose points may be refused.
        Assert.True(messages.Sum(message => message.GetProperty("faces").GetArrayLength()) >= 21);
        foreach (var face in messages.SelectMany(message => message.GetProperty("faces").EnumerateArray()))
        {
            var points = face.GetProperty("points")
                .EnumerateArray()
                .Select(point => (X: point[0].GetDouble(), Y: point[1].GetDouble()))
                .ToList();
            var (eyes, mouth) = (Mean(points[60..76]), Mean(points[76..96]));
            var apart = double.Hypot(points[72].X - points[60].X, points[72].Y - points[60].Y);
            // 2.5 on the profile, where the eye corners are near each other
            Assert.InRange(double.Hypot(mouth.X - eyes.X, mouth.Y - eyes.Y) / apart, 0.5, 3.0);
            Assert.True(points[96].X < points[97].X, "The left pupil lies left of the right one.");
        }

        Assert.Equal(6, Directory.GetFiles(_folder, "*.jpg").Length);
    }

    [Fact]
    public async Task The_whole_frame_as_region_gives_98_points_as_the_original_does()
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync(
            "image",
            "--json",
            "--locate",
            "full-frame",
            "--Postprocess:MinPresence=0",
            Path.Combine(_photographs, "sample1.jpg")
        );
        Assert.True(exitCode == 0, errors);
        Assert.Equal(
            98,
            Assert
                .Single(JsonDocument.Parse(output).RootElement.GetProperty("faces").EnumerateArray())
                .GetProperty("points")
                .GetArrayLength()
        );
    }

    [Fact]
    public async Task A_region_is_looked_at_and_nothing_else()
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync(
            "image",
            "--json",
            "--region",
            "1420,200,290,290",
            Path.Combine(_photographs, "sample1.jpg")
        );
        Assert.True(exitCode == 0, errors);
        foreach (
            var point in Assert
                .Single(JsonDocument.Parse(output).RootElement.GetProperty("faces").EnumerateArray())
                .GetProperty("points")
                .EnumerateArray()
        )
        {
            Assert.InRange(point[0].GetDouble(), 1400, 1730);
            Assert.InRange(point[1].GetDouble(), 180, 510);
        }
    }

    [Fact]
    public async Task The_doctor_names_what_is_in_place()
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync("doctor", FormattableString.Invariant($"--Mqtt:Port={Ports.Free()}"));
        Assert.True(exitCode == 0, output + errors);
        foreach (
            var line in (string[])
                [
                    "ok       Skia",
                    "ok       camera cam0",
                    "ok       face detector",
                    "ok       model",
                    "absent   DRP-AI",
                    "ok       broker",
                ]
        )
            Assert.Contains(line, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_says_what_to_do()
    {
        var (exitCode, output, _) = await NodeProcess.RunAsync(
            "doctor",
            "--Models:Default=gone",
            "--Mqtt:Host=127.0.0.1",
            FormattableString.Invariant($"--Mqtt:Port={Ports.Free()}")
        );
        Assert.Equal(1, exitCode);
        Assert.Contains("missing  model", output, StringComparison.Ordinal);
        Assert.Contains("start the broker, or check Mqtt:Host and Mqtt:Port", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_default_model_is_listed_and_verifies()
    {
        var (_, list, _) = await NodeProcess.RunAsync("model", "list");
        Assert.Contains("* deeppose-resnet18  WFLW-98", list, StringComparison.Ordinal);
        var (exitCode, output, errors) = await NodeProcess.RunAsync("model", "verify", "deeppose-resnet18");
        Assert.True(exitCode == 0, errors);
        Assert.Contains("-> 1x98x2", output, StringComparison.Ordinal);
    }

    private static (double X, double Y) Mean(List<(double X, double Y)> points) =>
        (points.Average(point => point.X), points.Average(point => point.Y));
}
