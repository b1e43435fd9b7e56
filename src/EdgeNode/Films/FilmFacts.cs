using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace FaceLandmark.Films;

/// <summary>What a film's container says of it, as the system's <c>ffprobe</c> reads it.</summary>
/// <param name="Duration">How long it is; null where it does not say.</param>
/// <param name="RecordedAt">When the recording began (<c>creation_time</c>); null where it does not say.</param>
/// <param name="AudioCodecs">Names of its audio streams' codecs, as FFmpeg has them; empty: it is silent.</param>
internal sealed record FilmFacts(TimeSpan? Duration, DateTimeOffset? RecordedAt, IReadOnlyList<string> AudioCodecs)
{
    // Only the container's head is read.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private static readonly FilmFacts s_none = new(null, null, []);

    /// <summary>Reads them; a program that is not there or gives up says nothing, and neither does the film.</summary>
    /// <param name="path">The film.</param>
    /// <param name="program">Name or path of <c>ffprobe</c>.</param>
    public static FilmFacts Read(string path, string program = "ffprobe")
    {
        string[] arguments =
        [
            "-v",
            "error",
            "-protocol_whitelist",
            "file,pipe,fd,crypto,data",
            "-show_entries",
            "format=duration:format_tags=creation_time:stream=codec_type,codec_name",
            "-of",
            "json",
            "file:" + Path.GetFullPath(path),
        ];
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
            )!;
            process.ErrorDataReceived += (_, _) => { }; // what is wrong with a film its decoder says
            process.BeginErrorReadLine();
            using var watch = new Timer(_ => Kill(process), null, s_patience, Timeout.InfiniteTimeSpan);
            return Of(process.StandardOutput.ReadToEnd());
        }
        catch (Win32Exception)
        {
            return s_none;
        }
    }

    /// <summary>What <c>ffprobe</c> prints as JSON.</summary>
    internal static FilmFacts Of(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var format = Inner(document.RootElement, "format");
            var (duration, recorded) = (Text(format, "duration"), Text(Inner(format, "tags"), "creation_time"));
            var audio = Inner(document.RootElement, "streams") is { ValueKind: JsonValueKind.Array } streams
                ? streams
                    .EnumerateArray()
                    .Where(stream => Text(stream, "codec_type") == "audio")
                    .Select(stream => Text(stream, "codec_name"))
                : [];
            return new FilmFacts(
                double.TryParse(duration, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e9
                    ? TimeSpan.FromSeconds(seconds)
                    : null,
                DateTimeOffset.TryParse(recorded, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null,
                [.. audio.Select(codec => codec ?? "")]
            );
        }
        catch (Exception reason) when (reason is JsonException or InvalidOperationException) // no JSON, or half of a surrogate pair
        {
            return s_none;
        }
    }

    private static JsonElement Inner(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var found) ? found : default;

    private static string? Text(JsonElement element, string name) =>
        Inner(element, name) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
