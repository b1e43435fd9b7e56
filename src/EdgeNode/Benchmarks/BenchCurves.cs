using FaceLandmark.Models.Evaluation;
using FaceLandmark.Platform;
using ScottPlot;

namespace FaceLandmark.Benchmarks;

/// <summary>The report as pictures.</summary>
internal static class BenchCurves
{
    private const int Width = 1000;
    private const int Height = 600;
    private const double Percent = 100;

    /// <summary>Says why pictures cannot be written to a folder, or null: before the work rather than after it.</summary>
    public static string? Refuse(string folder)
    {
        if (File.Exists(folder))
            return $"--plot is '{folder}', but that is a file: name a folder.";
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"--plot is '{folder}', but the folder cannot be made: {reason.Message}";
        }

        return PlotFont.Refusal;
    }

    /// <summary>Writes them.</summary>
    /// <returns>The files.</returns>
    /// <exception cref="BenchException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Save(string folder, BenchReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        (string Name, Action<Plot> Draw)[] pictures =
        [
            ("frames-per-second.png", plot => FramesPerSecond(plot, report)),
            ("processor-time.png", plot => ProcessorTime(plot, report)),
            ("latency.png", plot => Latency(plot, report)),
            ("cameras.png", plot => Cameras(plot, report)),
            ("memory.png", plot => Memory(plot, report)),
        ];
        var files = new List<string>();
        foreach (var (name, draw) in pictures)
        {
            using var plot = new Plot();
            PlotFont.Use(plot);
            draw(plot);
            var path = Path.Combine(folder, name);
            try
            {
                WholeFile.Write(path, part => File.WriteAllBytes(part, plot.GetImageBytes(Width, Height, ImageFormat.Png)));
            }
            catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
            {
                throw new BenchException($"The curve cannot be written to {path}: {reason.Message}", reason);
            }

            files.Add(path);
        }

        return files;
    }

    private static void FramesPerSecond(Plot plot, BenchReport report)
    {
        var bars = report
            .Bare.Where(turn => turn.Name is RunNames.Bare or RunNames.BareOneThread)
            .Select(turn => (turn.Name, turn.Fps))
            .Concat(report.Nodes.Where(run => run.Name != RunNames.Soak).Select(run => (run.Name, run.Fps)))
            .GroupBy(run => run.Name, run => run.Fps)
            .Select(runs => (runs.Key, Spread.Of(runs)))
            .Reverse()
            .ToList();
        for (var i = 0; i < bars.Count; i++)
        {
            var (_, fps) = bars[i];
            var bar = plot.Add.Bar(position: i, value: fps.Median);
            (bar.Horizontal, bar.Color) = (true, Colors.C0);
            plot.Add.ScatterLine(new[] { fps.Least, fps.Most }, new double[] { i, i }, Colors.Black);
        }

        plot.Axes.Left.SetTicks([.. bars.Select((_, i) => (double)i)], [.. bars.Select(bar => bar.Key)]);
        plot.Axes.Margins(left: 0);
        plot.Title("Frames a second: median, least and most");
        plot.XLabel("frames a second at the subscriber");
    }

    private static void ProcessorTime(Plot plot, BenchReport report)
    {
        var names = StepsTrial.Names.Where(report.Steps.ContainsKey).ToList();
        var values = names.ConvertAll(name => report.Steps[name]);
        if (report.Runs(RunNames.OneThread) is { Count: > 0 } node)
        {
            names.AddRange("hand over, send", "broker, subscriber");
            values.Add(Math.Max(0, Spread.MedianOf(node.Select(run => run.CpuMs)) - values.Sum()));
            values.Add(Spread.MedianOf(node.Select(run => run.BrokerCpuMs)));
        }

        plot.Add.Bars(values.ToArray());
        plot.Axes.Bottom.SetTicks([.. names.Select((_, i) => (double)i)], [.. names]);
        plot.Axes.Margins(bottom: 0);
        plot.Title("Processor time of a frame, one face, engine on one thread");
        plot.YLabel("ms");
    }

    private static void Latency(Plot plot, BenchReport report)
    {
        foreach (var name in new[] { RunNames.Live, RunNames.Fast, RunNames.OneFace })
        {
            var sorted = report.Runs(name).SelectMany(run => run.EndToEnd).Order().ToArray();
            if (sorted.Length == 0)
                continue;
            var line = plot.Add.ScatterLine(sorted, [.. sorted.Select((_, i) => Percent * (i + 1) / sorted.Length)]);
            line.LineWidth = 2;
            line.LegendText = name;
        }

        plot.Title("Capture to subscriber");
        plot.XLabel("ms");
        plot.YLabel("frames within this time, %");
        plot.Axes.SetLimitsY(0, Percent);
        plot.ShowLegend(Alignment.LowerRight);
    }

    private static void Cameras(Plot plot, BenchReport report)
    {
        var points = report
            .Nodes.Where(run => run.Name == RunNames.OneFace || run.Name == RunNames.Cameras(run.Cameras))
            .GroupBy(run => run.Cameras, run => run.Fps)
            .OrderBy(runs => runs.Key)
            .Select(runs => (Count: (double)runs.Key, Fps: Spread.MedianOf(runs)))
            .ToList();
        var line = plot.Add.Scatter(points.Select(point => point.Count).ToArray(), points.Select(point => point.Fps).ToArray());
        line.LineWidth = 2;
        plot.Axes.SetLimitsY(0, 1.2 * points.Max(point => point.Fps));
        plot.Title("Frames a second of several cameras, in sum");
        plot.XLabel("cameras");
        plot.YLabel("frames a second");
    }

    private static void Memory(Plot plot, BenchReport report)
    {
        var line = plot.Add.ScatterLine(report.Soak.Select(at => at.Seconds).ToArray(), report.Soak.Select(at => at.Mebibytes).ToArray());
        line.LineWidth = 2;
        if (report.Soak.Count > 0)
            plot.Axes.SetLimitsY(0, 1.2 * report.Soak.Max(at => at.Mebibytes));
        plot.Title("Resident memory at saturation");
        plot.XLabel("s");
        plot.YLabel("MB");
    }
}
