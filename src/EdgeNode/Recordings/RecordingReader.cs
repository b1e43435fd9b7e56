using System.Globalization;
using System.Text;
using System.Text.Json;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Recordings;

/// <summary>
/// Reads a recording, or the messages of a film that the verb <c>video</c> wrote. Lines that cannot be read are left out and counted.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="baseTopic">First level of the topics of a film's messages.</param>
internal sealed class RecordingReader(string path, string baseTopic)
{
    /// <summary>What the first line of a recording says it is.</summary>
    public const string Schema = "facelandmark/recording/1";

    /// <summary>What a file must be instead of one of another program, in words.</summary>
    public string Wanted { get; init; } = "a file that `record`, or `video` with --jsonl, has written";

    /// <summary>Called with each gap that the recording has noted.</summary>
    public Action<RecordedGap> Gap { get; init; } = _ => { };

    /// <summary>Called with the moment at which the file says that it begins; of a film, 1970.</summary>
    public Action<DateTimeOffset> Begins { get; init; } = _ => { };

    /// <summary>When the film began by the clock; null where it does not say.</summary>
    public DateTimeOffset? FilmBegan { get; private set; }

    /// <summary>Whether these are the messages of a film, whose times begin with 1970; known with the first message.</summary>
    public bool IsFilm { get; private set; }

    /// <summary>Lines that cannot be read, so far.</summary>
    public int BadLines { get; private set; }

    /// <summary>Number of the first of them, from 1.</summary>
    public int FirstBadLine { get; private set; }

    /// <summary>Its messages in order.</summary>
    /// <exception cref="RecordingException">It cannot be read, or is no recording.</exception>
    public IEnumerable<RecordedMessage> Messages()
    {
        using var file = Open();
        var number = 0;
        for (string? line; (line = Next(file)) is not null;)
        {
            number++;
            if (number == 1)
            {
                IsFilm = SchemaOf(line) switch
                {
                    Schema => false,
                    MessageSchemas.Landmarks => true,
                    _ => throw new RecordingException($"'{path}' is no recording of FaceLandmark: give {Wanted}."),
                };
                if ((IsFilm ? DateTimeOffset.UnixEpoch : StartOf(line)) is { } start)
                    Begins(start);
                if (!IsFilm)
                    continue;
            }

            var (isGood, message) = IsFilm ? OfFilm(line) : OfRecording(line);
            if (!isGood && BadLines++ == 0)
                FirstBadLine = number;
            if (message is { } found)
                yield return found;
        }

        if (number == 0)
            throw new RecordingException($"'{path}' is empty: nothing was recorded.");
    }

    private StreamReader Open()
    {
        if (RegularFile.Problem(path) is { } problem)
            throw new RecordingException($"'{path}' {problem}; correct the path.");
        try
        {
            return new StreamReader(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false));
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(reason);
        }
    }

    private string? Next(StreamReader file)
    {
        try
        {
            return file.ReadLine();
        }
        catch (IOException reason)
        {
            throw Unreadable(reason);
        }
    }

    private RecordingException Unreadable(Exception reason) => new($"'{path}' cannot be read: {reason.Message}", reason);

    private static string? SchemaOf(string line) =>
        Parse(line) is { } document && Text(document.RootElement, "schema") is { } schema ? schema : null;

    private static DateTimeOffset? StartOf(string line)
    {
        using var document = Parse(line);
        return document is null ? null : Time(document.RootElement, "startedAt");
    }

    private (bool IsGood, RecordedMessage? Message) OfRecording(string line)
    {
        using var document = Parse(line);
        if (document is null || Time(document.RootElement) is not { } at)
            return (false, null);
        var root = document.RootElement;
        if (root.TryGetProperty("gap", out var gap))
        {
            if (gap.ValueKind == JsonValueKind.Object)
                Gap(
                    new RecordedGap(
                        at,
                        Text(gap, "why") ?? "messages are missing",
                        Text(gap, "topic"),
                        Whole(gap, "missing"),
                        Time(gap, "since")
                    )
                );
            return (true, null);
        }

        if (Text(root, "topic") is not { Length: > 0 } topic || topic.IndexOfAny(['+', '#', '\0']) >= 0)
            return (false, null);
        var payload = root.TryGetProperty("message", out var message)
            ? Encoding.UTF8.GetBytes(message.GetRawText())
            : Bytes(root, "base64");
        var type = Text(root, "contentType") ?? (message.ValueKind != JsonValueKind.Undefined ? MessageJson.ContentType : null);
        return payload is null ? (false, null) : (true, new RecordedMessage(at, topic, payload, type));
    }

    private (bool IsGood, RecordedMessage? Message) OfFilm(string line)
    {
        using var document = Parse(line);
        if (
            document is null
            || Text(document.RootElement, "node") is not { Length: > 0 } node
            || Text(document.RootElement, "camera") is not { Length: > 0 } camera
            || !document.RootElement.TryGetProperty("monotonicNs", out var time)
            || time.ValueKind != JsonValueKind.Number
            || !time.TryGetInt64(out var nanoseconds)
        )
            return (false, null);
        var at = DateTimeOffset.UnixEpoch.AddTicks(Math.Clamp(nanoseconds / 100, 0, TimeSpan.TicksPerDay * 3650));
        // Frames of a film that does not say when it began are captured from 1970 on.
        if (Time(document.RootElement, "capturedAt") is { Year: > 1970 } captured)
            FilmBegan ??= captured - (at - DateTimeOffset.UnixEpoch);
        var topic = $"{baseTopic}/{Level(node)}/cameras/{Level(camera)}/landmarks";
        return (true, new RecordedMessage(at, topic, Encoding.UTF8.GetBytes(line), MessageJson.ContentType));
    }

    // A film may be called what no topic may.
    private static string Level(string name) =>
        string.Concat(name.Select(letter => letter is '+' or '#' or '/' || char.IsControl(letter) ? '-' : letter));

    private static JsonDocument? Parse(string line)
    {
        try
        {
            var document = JsonDocument.Parse(line);
            // A name such as "\ud800" is JSON, but looking any field up beside it fails.
            if (
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.EnumerateObject().All(field => field.Name is not null)
            )
                return document;
            document.Dispose();
        }
        catch (Exception reason) when (reason is JsonException or InvalidOperationException)
        {
            // No JSON, or cut off.
        }

        return null;
    }

    private static string? Text(JsonElement element, string name) =>
        Read(element, name, JsonValueKind.String, found => found.GetString());

    private static byte[]? Bytes(JsonElement element, string name) =>
        Read(element, name, JsonValueKind.String, found => found.TryGetBytesFromBase64(out var bytes) ? bytes : null);

    private static long? Whole(JsonElement element, string name) =>
        Read<long?>(element, name, JsonValueKind.Number, found => found.TryGetInt64(out var number) ? number : null);

    private static T? Read<T>(JsonElement element, string name, JsonValueKind kind, Func<JsonElement, T?> read)
    {
        try
        {
            return element.TryGetProperty(name, out var found) && found.ValueKind == kind ? read(found) : default;
        }
        catch (InvalidOperationException)
        {
            return default; // half of a surrogate pair
        }
    }

    // Without the two digits that no clock of .NET has, and the Z.
    private static DateTimeOffset? Time(JsonElement element, string name = "at") =>
        Text(element, name) is { Length: > 3 } text
        && DateTimeOffset.TryParse(
            text[..^3],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        )
            ? at
            : null;
}
