using System.Globalization;
using FaceLandmark.Platform;
using ScottPlot;

namespace FaceLandmark.Models.Evaluation;

/// <summary>A picture of cumulative error curves: for each error up to 10 % the share of faces that have no larger one.</summary>
internal static class ErrorCurve
{
    private const int Width = 900;
    private const int Height = 600;

    /// <summary>Says why a picture could not be written to a path, or null: before the work rather than after it.</summary>
    public static string? Refuse(string path)
    {
        if (!path.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
            return $"--plot is '{path}', but must name a .png file.";
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
            return $"--plot is '{path}', but there is no folder {folder}: create it first.";
        return PlotFont.Refusal;
    }

    /// <summary>Writes the curves of one or more models as a PNG picture.</summary>
    /// <exception cref="ListException">The file cannot be written.</exception>
    public static void Save(string path, IReadOnlyList<EvaluationReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        using var plot = new Plot();
        PlotFont.Use(plot);
        foreach (var report in reports)
        {
            var (errors, shares) = Steps(report.Errors);
            var line = plot.Add.ScatterLine(errors, shares);
            line.LineWidth = 2;
            line.LegendText = string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Model}: mean {report.NmeMean:f2} %, AUC {report.Auc10:f1} %, above 10 %: {report.FailureRate10:f1} %"
            );
        }

        var list = Path.GetFileName(Path.TrimEndingDirectorySeparator(reports[0].List));
        plot.Title($"Cumulative error on {list} ({reports[0].Count} faces, {reports[0].Points} points)");
        plot.XLabel("error (NME), % of the distance of the outer eye corners");
        plot.YLabel("faces with at most this error, %");
        plot.Axes.SetLimits(0, EvaluationReport.Limit, 0, 100);
        var isLow = reports.Average(report => report.NmeMean) < 0.6 * EvaluationReport.Limit;
        plot.ShowLegend(isLow ? Alignment.LowerRight : Alignment.UpperLeft); // where the curves are not
        try
        {
            WholeFile.Write(path, part => File.WriteAllBytes(part, plot.GetImageBytes(Width, Height, ImageFormat.Png)));
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new ListException($"The curve cannot be written to {path}: {reason.Message}", reason);
        }
    }

    /// <summary>The corners of the curve: it steps up at each error, and goes on level to the limit.</summary>
    internal static (double[] Errors, double[] Shares) Steps(IReadOnlyList<double> sorted)
    {
        List<double> errors = [0],
            shares = [0];
        for (var i = 0; i < sorted.Count && sorted[i] <= EvaluationReport.Limit; i++)
        {
            errors.AddRange(sorted[i], sorted[i]);
            shares.AddRange(shares[^1], 100.0 * (i + 1) / sorted.Count);
        }

        errors.Add(EvaluationReport.Limit);
        shares.Add(shares[^1]);
        return ([.. errors], [.. shares]);
    }
}
