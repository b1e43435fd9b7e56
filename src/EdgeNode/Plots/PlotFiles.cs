using System.Text;
using System.Text.Json;
using FaceLandmark.Platform;
using FaceLandmark.Recordings;

namespace FaceLandmark.Plots;

/// <summary>
/// The files of one recording, in the order of their times: what <c>record</c> wrote, or what <c>video</c> wrote of films. They are read as
/// often as they are looked at, and nothing of them is kept.
/// </summary>
internal sealed class PlotFiles
{
    private const string Wanted = "what `record`, or `video` with --jsonl or --csv, has written";

    private readonly List<string> _paths;
    private readonly string _baseTopic;

    /// <summary>Puts files in order.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="baseTopic">First level of topics.</param>
    public PlotFiles(IEnumerable<string> paths, string baseTopic)
    {
        _paths = [.. paths.Distinct().OrderBy(StartOf, StringComparer.Ordinal)];
        _baseTopic = baseTopic;
    }

    /// <summary>Paths of the files, in order.</summary>
    public IReadOnlyList<string> Paths => _paths;

    /// <summary>Whether times are those of films; known once the files were read.</summary>
    public bool IsFilm { get; private set; }

    /// <summary>When the film began by the clock; null where it does not say, and for more than one file.</summary>
    public DateTimeOffset? FilmBegan { get; private set; }

    /// <summary>Lines that could not be read when the files were read the last time.</summary>
    public int BadLines { get; private set; }

    /// <summary>What is odd about the files that were read the last time, in sentences.</summary>
    public IReadOnlyList<string> Remarks { get; private set; } = [];

    /// <summary>Reads all files.</summary>
    /// <exception cref="RecordingException">One cannot be read, or is of another program.</exception>
    public void Read(IRecordingViewer viewer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        BadLines = 0;
        FilmBegan = null;
        var remarks = new List<string>();
        var kinds = new HashSet<bool>();
        foreach (var path in _paths)
        {
            var (isFilm, bad, first, back) =
                FirstLine(path) is { } line && line.StartsWith(FilmRows.Beginning, StringComparison.Ordinal)
                    ? Rows(path, viewer, cancellationToken)
                    : Messages(path, viewer, cancellationToken);
            kinds.Add(IsFilm = isFilm);
            BadLines += bad;
            if (bad > 0)
                remarks.Add(
                    $"{bad} {(bad == 1 ? "line" : "lines")} of '{path}' cannot be read and {(bad == 1 ? "was" : "were")} left out"
                        + $"{(first > 0 ? $", first line {first}" : "")}: it is damaged."
                );
            if (back > 0)
                remarks.Add(
                    $"The times in '{path}' go back {(back == 1 ? "once" : $"{back} times")}: those messages stand where their times say."
                );
        }

        if (kinds.Count > 1)
            throw new RecordingException(
                "Messages of a broker and of films have no common time: give either what `record` wrote or what `video` wrote."
            );
        Remarks = remarks;
    }

    private static string StartOf(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(FirstLine(path) ?? "");
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("startedAt", out var start)
                && start.ValueKind == JsonValueKind.String
                ? start.GetString()!
                : "";
        }
        catch (Exception reason) when (reason is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    // Enough to see what the file is; null where it cannot be read, which its reader says.
    private static string? FirstLine(string path)
    {
        if (RegularFile.Problem(path) is not null)
            return null;
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[4096];
            var text = Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
            return text.Split('\n')[0].TrimEnd('\r');
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private (bool IsFilm, int Bad, int First, int Back) Messages(string path, IRecordingViewer viewer, CancellationToken cancellationToken)
    {
        var reader = new RecordingReader(path, _baseTopic)
        {
            Begins = viewer.Begin,
            Gap = viewer.See,
            Wanted = Wanted,
        };
        var (unclear, back) = (0, 0);
        DateTimeOffset? last = null;
        foreach (var message in reader.Messages())
        {
            cancellationToken.ThrowIfCancellationRequested();
            back += message.At < last ? 1 : 0;
            last = message.At;
            if (message.Topic.LastIndexOf('/') is not (> 0 and var slash))
                continue;
            var camera = message.Topic[..slash];
            switch (message.Topic[(slash + 1)..])
            {
                case "landmarks":
                    if (SeenMessages.Landmarks(message.Payload, message.At, camera) is { } frame)
                        viewer.See(frame);
                    else
                        unclear++;
                    break;
                case "events":
                    if (SeenMessages.Event(message.Payload, message.At, camera) is { } happened)
                        viewer.See(happened);
                    else
                        unclear++;
                    break;
                case "preview":
                    viewer.See(camera, message.Payload);
                    break;
            }
        }

        FilmBegan = _paths.Count == 1 ? reader.FilmBegan : null;
        return (reader.IsFilm, reader.BadLines + unclear, reader.BadLines > 0 ? reader.FirstBadLine : 0, back);
    }

    private (bool IsFilm, int Bad, int First, int Back) Rows(string path, IRecordingViewer viewer, CancellationToken cancellationToken)
    {
        var (bad, first, number) = (0, 0, 1);
        var back = 0;
        DateTimeOffset? last = null;
        try
        {
            using var file = new StreamReader(path, Encoding.UTF8);
            var rows = new FilmRows(file.ReadLine()!, $"{_baseTopic}/film/cameras/{Path.GetFileNameWithoutExtension(path)}");
            viewer.Begin(DateTimeOffset.UnixEpoch);
            while (file.ReadLine() is { } line)
            {
                cancellationToken.ThrowIfCancellationRequested();
                number++;
                if (!rows.Take(line, out var frame) && bad++ == 0)
                    first = number;
                Show(frame);
            }

            Show(rows.End());
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new RecordingException($"'{path}' cannot be read: {reason.Message}", reason);
        }

        return (true, bad, first, back);

        void Show(SeenFrame? frame)
        {
            if (frame is null)
                return;
            back += frame.At < last ? 1 : 0;
            last = frame.At;
            viewer.See(frame);
        }
    }
}
