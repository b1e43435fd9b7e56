using System.Globalization;
using System.Text;
using FaceLandmark.Mqtt;

namespace FaceLandmark.Tests.Plots;

/// <summary>A recording as <c>record</c> writes it, made up line by line.</summary>
internal sealed class RecordedLines
{
    public static readonly DateTimeOffset Begin = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    private readonly List<string> _lines = [];

    public RecordedLines(double startsAt = 0) =>
        _lines.Add($$"""{"schema":"facelandmark/recording/1","startedAt":"{{At(startsAt)}}","broker":"b:1883"}""");

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>A frame.</summary>
    public RecordedLines Frame(double seconds, long sequence, params string[] faces) =>
        FrameOf("n", "cam0", "s", "onnx", seconds, sequence, 20, 0, faces);

    /// <summary>A frame in all detail.</summary>
    public RecordedLines FrameOf(
        string node,
        string camera,
        string session,
        string engine,
        double seconds,
        long sequence,
        double milliseconds,
        int dropped,
        params string[] faces
    ) =>
        Message(
            seconds,
            $"facelandmark/{node}/cameras/{camera}/landmarks",
            $$"""{"schema":"facelandmark/landmarks/1","node":"{{node}}","camera":"{{camera}}","session":"{{session}}","seq":{{sequence}},"""
                + $$"""
                "frame":{"width":640,"height":480},"engine":"{{engine}}","timing":{"total":{{Text(milliseconds)}}},"dropped":{{dropped}},
                """
                + $$"""
                "faces":[{{string.Join(',', faces)}}]}
                """
        );

    /// <summary>A face whose points are shifted by so many pixels.</summary>
    public static string Face(int id, double yaw = 0, double shift = 0)
    {
        var points = string.Join(',', Enumerable.Range(0, 98).Select(i => $"[{Text(100 + i + shift)},{200 + (i % 7)}]"));
        return $$"""{"id":{{id}},"score":0.9,"box":[100,190,97,60],"points":[{{points}}],"pose":{"yaw":{{Text(yaw)}},"pitch":1,"roll":2},"""
            + """
            "eyes":{"left":0.5,"right":0.4},"mouth":{"open":0.1}}
            """;
    }

    /// <summary>An event.</summary>
    public RecordedLines Event(double seconds, string kind, int face, double? lasted = null) =>
        Message(
            seconds,
            "facelandmark/n/cameras/cam0/events",
            $$"""{"schema":"facelandmark/event/1","session":"s","event":"{{kind}}","face":{{face}}"""
                + (lasted is { } s ? $",\"seconds\":{Text(s)}}}" : "}")
        );

    /// <summary>Any message of JSON.</summary>
    public RecordedLines Message(double seconds, string topic, string payload) =>
        Line($$"""{"at":"{{At(seconds)}}","topic":"{{topic}}","message":{{payload}}}""");

    /// <summary>Any message of bytes.</summary>
    public RecordedLines Bytes(double seconds, string topic, ReadOnlySpan<byte> payload) =>
        Line($$"""{"at":"{{At(seconds)}}","topic":"{{topic}}","base64":"{{Convert.ToBase64String(payload)}}"}""");

    /// <summary>A gap.</summary>
    public RecordedLines Gap(double seconds, double since) =>
        Line($$$"""{"at":"{{{At(seconds)}}}","gap":{"why":"the connection was lost","since":"{{{At(since)}}}"}}""");

    /// <summary>Missing messages of cam0.</summary>
    public RecordedLines Missing(double seconds, int count) =>
        Line(
            $$$"""{"at":"{{{At(seconds)}}}","gap":{"why":"messages did not come","missing":{{{count}}},"""
                + """
                "topic":"facelandmark/n/cameras/cam0/landmarks"}}
                """
        );

    /// <summary>Any line.</summary>
    public RecordedLines Line(string line)
    {
        _lines.Add(line);
        return this;
    }

    /// <summary>Writes the file.</summary>
    public string Save(string path)
    {
        File.WriteAllLines(path, _lines, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return path;
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string At(double seconds) => MessageJson.ToIsoTime(Begin.AddSeconds(seconds));
}
