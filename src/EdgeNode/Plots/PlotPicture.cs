using System.Globalization;
using FaceLandmark.Models.Evaluation;
using ScottPlot;
using ScottPlot.MultiplotLayouts;

namespace FaceLandmark.Plots;

/// <summary>The charts of a camera below each other as a PNG picture.</summary>
internal static class PlotPicture
{
    /// <summary>Columns of a chart, about one a pixel.</summary>
    public const int Columns = Width - Left - Right;

    private const int Width = 1280;
    private const int HeightOfChart = 170;
    private const int Left = 70;
    private const int Right = 30;
    private const int Top = 34;
    private const int Bottom = 28;
    private const int MostTicks = 10;
    private const double Edge = 0.04;

    // Okabe and Ito's colours, which people who confuse red and green can tell apart, as far as they are dark enough for white paper.
    private static readonly string[] s_colours = ["#0072B2", "#D55E00", "#007A5A", "#A0487C", "#7A5C00", "#5B4FC4"];

    /// <summary>Writes the picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="title">What it is of.</param>
    /// <param name="charts">The charts.</param>
    /// <param name="start">The moment of the axis' beginning; null: it counts from 0.</param>
    /// <param name="seconds">Length of the axis.</param>
    /// <exception cref="PlotException">It cannot be written.</exception>
    public static void Save(string path, string title, IReadOnlyList<Chart> charts, DateTimeOffset? start, double seconds)
    {
        ArgumentNullException.ThrowIfNull(charts);
        var all = new Multiplot { Layout = new Rows() };
        for (var i = 0; i < charts.Count; i++)
        {
            var plot = i < all.Count() ? all.GetPlot(i) : all.AddPlot();
            PlotFont.Use(plot);
            Draw(plot, charts[i], i == 0 ? $"{title}: {charts[i].Title}" : charts[i].Title, start, seconds);
        }

        PlotFile.Write(path, all.Render(Width, HeightOfChart * charts.Count).GetImageBytes(ImageFormat.Png));
    }

    private static void Draw(Plot plot, Chart chart, string title, DateTimeOffset? start, double seconds)
    {
        foreach (var line in chart.Lines)
        {
            var colour = Color.FromHex(s_colours[line.Colour % s_colours.Length]);
            var pattern = line.IsDashed ? LinePattern.Dashed : LinePattern.Solid;
            foreach (var (part, index) in line.Parts.Select((part, index) => (part, index)))
            {
                var drawn = plot.Add.Scatter(part.Select(point => point.X).ToArray(), part.Select(point => point.Y).ToArray(), colour);
                (drawn.LineWidth, drawn.LinePattern) = (1.5f, pattern);
                drawn.MarkerSize = part.Count == 1 ? 3 : 0;
                if (index == 0)
                    drawn.LegendText = line.Name;
            }
        }

        plot.Title(title, 14);
        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Title.Label.Alignment = Alignment.LowerLeft;
        plot.Axes.Title.Label.OffsetX = -(Width - Left - Right) / 2f;
        plot.YLabel(chart.Unit.Length <= 8 ? chart.Unit : "%", 12);
        var edge = Edge * (chart.High - chart.Low); // so that lines along the edges are seen
        plot.Axes.SetLimits(0, Math.Max(seconds, 1e-3), chart.Low - edge, chart.High + edge);
        if (chart.IsCount)
            plot.Axes.Left.SetTicks(
                [.. chart.Marks],
                [.. chart.Marks.Select(mark => mark.ToString("0", CultureInfo.InvariantCulture))]
            );
        var ticks = TimeTicks.Of(start, seconds, MostTicks);
        plot.Axes.Bottom.SetTicks([.. ticks.Select(tick => tick.At)], [.. ticks.Select(tick => tick.Text)]);
        plot.Layout.Fixed(new PixelPadding(Left, Right, Bottom, Top));
        plot.HideLegend();
        if (chart.Lines.Count(line => line.Parts.Count > 0) <= 1)
            return;
        // Above the curves, beside the title.
        var legend = plot.ShowLegend(Alignment.UpperRight, Orientation.Horizontal);
        (legend.FontSize, legend.Margin) = (11, new PixelPadding(0, 0, 0, -Top + 4));
        (legend.OutlineColor, legend.BackgroundColor, legend.ShadowColor) = (Colors.Transparent, Colors.Transparent, Colors.Transparent);
    }
}
