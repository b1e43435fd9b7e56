using System.Globalization;
using System.Text;

namespace FaceLandmark.Plots;

/// <summary>
/// A recording as one HTML file that needs no network: figures, faces over time, charts, agreement of engines, events, gaps. Names in it
/// come from others, so all text is escaped and the page forbids scripts.
/// </summary>
internal sealed class ReportPage
{
    // Rows that people read; the page says how many more there are.
    private const int MostLanes = 30;

    private readonly StringBuilder _page = new();
    private readonly RecordingSurvey _survey;
    private readonly FaceThumbnails _thumbnails;
    private readonly DateTimeOffset? _start;
    private readonly double _seconds;
    private readonly string _times;
    private readonly ReportChart _charts;

    private ReportPage(RecordingSurvey survey, FaceThumbnails thumbnails, PlotFiles files)
    {
        (_survey, _thumbnails) = (survey, thumbnails);
        (_start, _seconds) = (files.IsFilm ? null : survey.Start, survey.Seconds(survey.End));
        _times = TimeTicks.Meaning(_start, _seconds, files.FilmBegan);
        _charts = new ReportChart(_page, _start, _seconds);
        _charts.Shade(
            survey
                .Gaps.Where(gap => gap.Since is not null)
                .Select(gap => (survey.Seconds(gap.Since!.Value), survey.Seconds(gap.At)))
        );
    }

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="files">What it is of.</param>
    /// <param name="survey">The recording.</param>
    /// <param name="curves">Its series, with <see cref="ReportChart.Columns"/> columns.</param>
    /// <param name="thumbnails">Pictures of its faces.</param>
    /// <exception cref="PlotException">It cannot be written.</exception>
    public static void Save(string path, PlotFiles files, RecordingSurvey survey, RecordingCurves curves, FaceThumbnails thumbnails)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(curves);
        PlotFile.Write(path, Encoding.UTF8.GetBytes(new ReportPage(survey, thumbnails, files).Write(files, curves)));
    }

    private static string Text(string text) => ReportChart.Text(text);

    private static string Style()
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private string Write(PlotFiles files, RecordingCurves curves)
    {
        var names = string.Join(", ", files.Paths.Select(path => Path.GetFileName(path)));
        _page.Append(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <meta name="referrer" content="no-referrer">
            <title>{Text(names)}</title>
            <style>{Style()}</style>
            </head>
            <body>
            <header><h1>{Text(names)}</h1>
            <p class="soft">{Text(Span())}</p>
            </header>
            <main>

            """
        );
        foreach (var remark in files.Remarks)
            _page.Append(CultureInfo.InvariantCulture, $"<p>{Text(remark)}</p>\n");
        foreach (var camera in curves.Cameras)
            Write(camera);
        WriteEvents();
        WriteGaps();
        return _page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private string Span() =>
        _start is { } start
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{start.UtcDateTime:yyyy-MM-dd HH:mm:ss} to {_survey.End.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, "
                    + $"{TimeTicks.Length(_seconds)}"
            )
            : $"A film of {TimeTicks.Length(_seconds)}";

    private void Write(CameraCurves curves)
    {
        var camera = curves.Camera;
        _page.Append(CultureInfo.InvariantCulture, $"<section><h2>{Text(camera.Title)}</h2>\n<dl class=\"figures\">");
        // Rows of a CSV are of frames with a face only, and name no engine.
        if (camera.Engines.Count > 0)
        {
            var rate = camera.Interval > TimeSpan.Zero ? 1 / camera.Interval.TotalSeconds : 0;
            Figure("Frames", $"{camera.Frames}");
            Figure("Frames a second", string.Create(CultureInfo.InvariantCulture, $"{rate:0.0}"));
        }

        Figure("Frames with a face", $"{camera.FramesWithFaces}");
        Figure("Faces", $"{camera.Faces.Count}");
        Figure("Most at once", $"{camera.MostAtOnce}");
        foreach (var (name, engine) in camera.Engines)
            Figure(
                $"Latency ({name})",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{engine.Percentile(0.5):0.#} ms (95 %: {engine.Percentile(0.95):0.#} ms)"
                )
            );
        if (camera.Engines.Count > 0)
        {
            Figure("Dropped by the node", $"{camera.Dropped}");
            Figure("Missing in the recording", $"{camera.Missing}");
        }

        if (camera.Starts > 1)
            Figure("Starts of the node", $"{camera.Starts}");
        _page.Append("</dl>\n");
        WriteFaces(curves);
        _page.Append("<h3>Over time</h3>\n");
        _page.Append(CultureInfo.InvariantCulture, $"<p class=\"soft\">Times: {Text(_times)}.</p>\n");
        foreach (var chart in Chart.Of(curves))
            _charts.Add(chart);
        if (camera.Agreement is { Faces: > 0 } agreement)
            _page.Append(
                CultureInfo.InvariantCulture,
                $"""
                <h3>Agreement of the engines</h3>
                <p>{Text(string.Join(" and ", camera.Engines.Keys))} on {agreement.Faces} faces of the same frames: their points are
                {agreement.MeanPx:0.00} pixels apart in the mean ({agreement.MeanPercent:0.00} % of the distance between the outer eye
                corners), and {agreement.MaxPx:0.00} pixels at most ({agreement.MaxPercent:0.00} %), as they were published.</p>

                """
            );
        _page.Append("</section>\n");
    }

    private void Figure(string name, string value) =>
        _page.Append(CultureInfo.InvariantCulture, $"<div><dt>{Text(name)}</dt><dd>{Text(value)}</dd></div>");

    private void WriteFaces(CameraCurves curves)
    {
        var camera = curves.Camera;
        _page.Append("<h3>Faces</h3>\n");
        if (camera.Faces.Count == 0)
        {
            _page.Append("<p>There is no face in this recording.</p>\n");
            return;
        }

        var pictures = camera
            .Faces.Take(FaceThumbnails.MostFaces)
            .Select(face => (face.Key, Jpeg: _thumbnails.Of(camera, face.Key)))
            .Where(face => face.Jpeg is not null)
            .ToList();
        if (pictures.Count > 0)
        {
            _page.Append("<ul class=\"faces\">");
            foreach (var (key, jpeg) in pictures)
            {
                var name = Text(camera.NameOf(key));
                _page.Append(
                    CultureInfo.InvariantCulture,
                    $"<li><img alt=\"{name}\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(jpeg!)}\">{name}</li>"
                );
            }

            _page.Append("</ul>\n");
        }

        var shown = camera.Faces.Take(MostLanes).ToList();
        if (camera.Faces.Count > shown.Count)
            _page.Append(
                CultureInfo.InvariantCulture,
                $"<p class=\"soft\">The {shown.Count} of {camera.Faces.Count} faces that were seen longest.</p>\n"
            );
        _charts.BeginLanes();
        foreach (var (face, index) in shown.Select((face, index) => (face, index)))
            _charts.AddLane(
                camera.NameOf(face.Key),
                Math.Min(index, CameraCurves.MostFaces),
                index < curves.Faces.Count
                    ? Times(curves.Faces[index].Yaw, camera)
                    : [(_survey.Seconds(face.First), _survey.Seconds(face.Last))],
                _survey
                    .Events.Where(happened =>
                        happened.Camera == camera.Topic && camera.KeyOf(happened.Session, happened.Face) == face.Key
                    )
                    .Select(happened => (_survey.Seconds(happened.At), $"{happened.Kind}, {Clock(happened.At)}"))
            );
        _charts.EndLanes();
        Table(
            $"Faces of {camera.Title}",
            ["Face", "First seen", "Last seen", "Frames", "Mean yaw, pitch, roll", "Events"],
            shown.Select(face =>
            {
                var (yaw, pitch, roll) = face.MeanPose;
                return (string[])
                    [
                        camera.NameOf(face.Key),
                        Clock(face.First),
                        Clock(face.Last),
                        $"{face.Frames}",
                        string.Create(CultureInfo.InvariantCulture, $"{yaw:0}°, {pitch:0}°, {roll:0}°"),
                        string.Join(", ", face.Events.Select(kind => $"{kind.Key} {kind.Value}")),
                    ];
            })
        );
    }

    private static List<(double Begin, double End)> Times(MinMaxColumns series, CameraSurvey camera) =>
        [.. series.Lines(Math.Max(1, 4 * camera.Interval.TotalSeconds)).Select(line => (line[0].X, line[^1].X))];

    private void WriteEvents()
    {
        if (_survey.EventKinds.Count == 0)
            return;
        _page.Append(
            CultureInfo.InvariantCulture,
            $"<section><h2>Events</h2>\n<p>{Text(string.Join(", ", _survey.EventKinds.Select(kind => $"{kind.Key}: {kind.Value}")))}.</p>\n"
        );
        More(_survey.Events.Count, _survey.EventKinds.Values.Sum());
        Table(
            "Events",
            ["Time", "Camera", "Face", "Event", "Seconds"],
            _survey.Events.Select(happened =>
            {
                var camera = _survey.Of(happened.Camera);
                return (string[])
                    [
                        Clock(happened.At),
                        camera?.Title ?? happened.Camera,
                        camera?.NameOf(camera.KeyOf(happened.Session, happened.Face)) ?? $"face {happened.Face}",
                        happened.Kind,
                        string.Create(CultureInfo.InvariantCulture, $"{happened.Seconds:0.0}"),
                    ];
            })
        );
        _page.Append("</section>\n");
    }

    private void WriteGaps()
    {
        if (_survey.GapCount == 0)
            return;
        _page.Append("<section><h2>Gaps</h2>\n");
        More(_survey.Gaps.Count, _survey.GapCount);
        Table(
            "Gaps",
            ["Noticed", "Why", "Since", "Topic", "Messages"],
            _survey.Gaps.Select(gap =>
                (string[])
                    [
                        Clock(gap.At),
                        gap.Why,
                        gap.Since is { } since ? Clock(since) : "",
                        gap.Topic ?? "all",
                        gap.Missing?.ToString(CultureInfo.InvariantCulture) ?? "unknown",
                    ]
            )
        );
        _page.Append("</section>\n");
    }

    private void More(int shown, long all)
    {
        if (all > shown)
            _page.Append(CultureInfo.InvariantCulture, $"<p class=\"soft\">The first {shown} of {all}.</p>\n");
    }

    private void Table(string title, IEnumerable<string> names, IEnumerable<IReadOnlyList<string>> rows)
    {
        // Wide tables are scrolled, also by the keyboard.
        _page.Append(
            CultureInfo.InvariantCulture,
            $"<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"{Text(title)}\"><table><thead><tr>"
        );
        foreach (var name in names)
            _page.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{Text(name)}</th>");
        _page.Append("</tr></thead><tbody>\n");
        foreach (var row in rows)
        {
            _page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Text(row[0])}</th>");
            foreach (var cell in row.Skip(1))
                _page.Append(CultureInfo.InvariantCulture, $"<td>{Text(cell)}</td>");
            _page.Append("</tr>\n");
        }

        _page.Append("</tbody></table></div>\n");
    }

    private string Clock(DateTimeOffset at) =>
        _start is null
            ? TimeTicks.Length(_survey.Seconds(at))
            : at.UtcDateTime.AddMilliseconds(50).ToString("HH:mm:ss.f", CultureInfo.InvariantCulture); // rounded
}
