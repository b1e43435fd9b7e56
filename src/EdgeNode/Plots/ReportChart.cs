using System.Globalization;
using System.Net;
using System.Text;

namespace FaceLandmark.Plots;

/// <summary>Charts as HTML and SVG, which take their colours from the page and become as narrow as it.</summary>
/// <param name="page">Where to.</param>
/// <param name="start">The moment of the axis' beginning; null: it counts from 0.</param>
/// <param name="seconds">Length of the axis.</param>
internal sealed class ReportChart(StringBuilder page, DateTimeOffset? start, double seconds)
{
    /// <summary>Columns of a chart.</summary>
    public const int Columns = 1000;

    private const int Height = 100;
    private const int MostTicks = 8;

    private readonly double _seconds = Math.Max(seconds, 1e-3);
    private IReadOnlyList<(double Begin, double End)> _gaps = [];

    /// <summary>Times without a connection, which all charts from now on show.</summary>
    public void Shade(IEnumerable<(double Begin, double End)> gaps) => _gaps = [.. gaps];

    /// <summary>Adds a chart.</summary>
    public void Add(Chart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        var unit = chart.Unit.Length > 0 ? $", {chart.Unit}" : "";
        page.Append(CultureInfo.InvariantCulture, $"<figure><figcaption>{Text(chart.Title + unit)}");
        var lines = chart.Lines.Where(line => line.Parts.Count > 0).ToList();
        foreach (var line in lines.Count > 1 ? lines : [])
            page.Append(
                CultureInfo.InvariantCulture,
                $"""<span class="key"><svg viewBox="0 0 28 12" aria-hidden="true"><path class="{Class(line)}" d="M1 6H27"/></svg> """
                    + $"{Text(line.Name)}</span>"
            );
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            </figcaption><div class="chart"><div class="y" aria-hidden="true">{string.Concat(
                chart.Marks.Reverse().Select(mark => string.Create(CultureInfo.InvariantCulture, $"<span>{mark:0.##}</span>"))
            )}</div>
            <svg viewBox="0 0 {Columns} {Height}" preserveAspectRatio="none" role="img" aria-label="{Text(Spoken(chart, lines))}">
            """
        );
        Grid(chart);
        foreach (var line in lines)
            page.Append(CultureInfo.InvariantCulture, $"""<path class="{Class(line)}" d="{Path(line, chart)}"/>""");
        page.Append("</svg>");
        Ticks();
        page.Append("</div></figure>\n");
    }

    /// <summary>Begins rows of bars.</summary>
    public void BeginLanes() => page.Append("""<div class="lanes">""");

    /// <summary>Adds a row of bars: when something was there.</summary>
    /// <param name="name">What.</param>
    /// <param name="colour">Index of its colour.</param>
    /// <param name="times">When, seconds.</param>
    /// <param name="events">What happened: seconds, and words.</param>
    public void AddLane(
        string name,
        int colour,
        IReadOnlyList<(double Begin, double End)> times,
        IEnumerable<(double At, string What)> events
    )
    {
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            <span>{Text(name)}</span><svg viewBox="0 0 {Columns} 10" preserveAspectRatio="none" role="img" aria-label="{Text(
                $"{name}: seen {(times.Count == 1 ? "once" : $"{times.Count} times")}"
            )}">
            """
        );
        Gaps(10);
        page.Append(CultureInfo.InvariantCulture, $"<path class=\"c{colour} bar\" d=\"");
        foreach (var (begin, end) in times)
            page.Append(CultureInfo.InvariantCulture, $"M{X(begin):0.##} 5H{Math.Max(X(end), X(begin) + 1):0.##}");
        page.Append("\"/>");
        foreach (var (at, what) in events)
            page.Append(
                CultureInfo.InvariantCulture,
                $"""<line class="event" x1="{X(at):0.##}" x2="{X(at):0.##}" y1="0" y2="10"><title>{Text(what)}</title></line>"""
            );
        page.Append("</svg>\n");
    }

    /// <summary>Ends the rows with the axis.</summary>
    public void EndLanes()
    {
        Ticks();
        page.Append("</div>\n");
    }

    /// <summary>Text as HTML.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Class(ChartLine line) => $"c{line.Colour}{(line.IsDashed ? " dashed" : "")}";

    // A chart that is read aloud: what it is and how far it goes.
    private static string Spoken(Chart chart, List<ChartLine> lines)
    {
        var values = lines.SelectMany(line => line.Parts).SelectMany(part => part).Select(point => point.Y).DefaultIfEmpty(0).ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{chart.Title} over time: from {values.Min():0.##} to {values.Max():0.##}{(chart.Unit.Length > 0 ? " " + chart.Unit : "")}"
        );
    }

    private double X(double at) => Math.Clamp(at / _seconds, 0, 1) * Columns;

    private static double Y(double value, Chart chart) => Height * (1 - ((value - chart.Low) / (chart.High - chart.Low)));

    private string Path(ChartLine line, Chart chart)
    {
        var path = new StringBuilder();
        foreach (var part in line.Parts)
        {
            for (var i = 0; i < part.Count; i++)
            {
                var y = Y(part[i].Y, chart);
                path.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{X(part[i].X):0.#} {y:0.##}");
            }

            if (part.Count == 1)
                path.Append("h0"); // a dot, by the round ends of lines
        }

        return path.ToString();
    }

    private void Grid(Chart chart)
    {
        Gaps(Height);
        foreach (var y in chart.Marks.Skip(1).SkipLast(1).Select(mark => Y(mark, chart)))
            page.Append(CultureInfo.InvariantCulture, $"""<line class="grid" x1="0" x2="{Columns}" y1="{y:0.##}" y2="{y:0.##}"/>""");
        foreach (var (at, _) in TimeTicks.Of(start, seconds, MostTicks))
            page.Append(CultureInfo.InvariantCulture, $"""<line class="grid" x1="{X(at):0.#}" x2="{X(at):0.#}" y1="0" y2="{Height}"/>""");
    }

    private void Gaps(int height)
    {
        foreach (var (begin, end) in _gaps)
            page.Append(
                CultureInfo.InvariantCulture,
                $"""<rect class="gap" x="{X(begin):0.##}" y="0" width="{Math.Max(1, X(end) - X(begin)):0.##}" height="{height}"/>"""
            );
    }

    private void Ticks()
    {
        page.Append("""<div class="x" aria-hidden="true">""");
        foreach (var (at, text) in TimeTicks.Of(start, seconds, MostTicks))
            page.Append(CultureInfo.InvariantCulture, $"""<span style="left:{X(at) / Columns * 100:0.##}%">{Text(text)}</span>""");
        page.Append("</div>");
    }
}
