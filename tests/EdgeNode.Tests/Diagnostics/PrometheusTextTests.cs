using System.Text.RegularExpressions;
using FaceLandmark.Diagnostics;

namespace FaceLandmark.Tests.Diagnostics;

public sealed partial class PrometheusTextTests
{
    [Fact]
    public void Every_line_is_a_comment_or_a_sample_whose_name_was_declared_once()
    {
        var metrics = TestMetrics.Create();
        metrics.Dropped(DropPlace.Gate, DropReason.NewerFrame, 3);
        metrics.WatchQueue("gate:ca\"m", () => 2);
        var lines = PrometheusText
            .Write(
                metrics.Snapshot() with
                {
                    TemperatureC = 51.5,
                },
                isOnline: true,
                new TroubleFlags(new Dictionary<string, bool> { ["door"] = true, ["hall"] = false }, Engine: true, Outbox: false)
            )
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var declared = lines
            .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[2])
            .ToList();
        Assert.Equal(declared.Count, declared.Distinct().Count());
        foreach (var line in lines.Where(line => line[0] != '#'))
        {
            var sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            Assert.Contains(sample.Groups[1].Value, declared);
        }

        Assert.Contains("facelandmark_drops_total{place=\"gate\",reason=\"newerFrame\"} 3", lines);
        Assert.Contains("facelandmark_queue_length{queue=\"gate:ca\\\"m\"} 2", lines);
        Assert.Contains("facelandmark_temperature_celsius 51.5", lines);
        Assert.Contains("facelandmark_mqtt_online 1", lines);
        Assert.Contains("facelandmark_camera_trouble{camera=\"door\"} 1", lines);
        Assert.Contains("facelandmark_camera_trouble{camera=\"hall\"} 0", lines);
        Assert.Contains("facelandmark_engine_trouble 1", lines);
        Assert.Contains("facelandmark_outbox_trouble 0", lines);
        Assert.Contains("facelandmark_stage_seconds{stage=\"inference\",quantile=\"0.95\"} 0", lines);
    }

    [GeneratedRegex("""^([a-z_]+)(\{[a-z]+="(\\.|[^"\\])*"(,[a-z]+="(\\.|[^"\\])*")*\})? -?[0-9.E+-]+$""")]
    private static partial Regex Sample();
}
