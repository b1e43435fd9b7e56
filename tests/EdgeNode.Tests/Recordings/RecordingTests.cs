using System.Text;
using FaceLandmark.Publish;
using FaceLandmark.Recordings;
using FaceLandmark.Tests.Capture;
using FaceLandmark.Tests.Publish;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Recordings;

public sealed class RecordingTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1,"replay":true}""")]
    [InlineData("""{ "a" : 1.50 } """, """{ "a" : 1.50 ,"replay":true} """)]
    [InlineData("{}", """{"replay":true}""")]
    [InlineData("""{"a":1,"replay":true}""", """{"a":1,"replay":true}""")]
    [InlineData("[1]", "[1]")]
    [InlineData("online", "online")]
    [InlineData("{broken}", "{broken}")]
    [InlineData("", "")]
    public void The_mark_is_the_last_field_and_the_other_bytes_stay(string payload, string marked) =>
        Assert.Equal(marked, Encoding.UTF8.GetString(ReplayMark.Add(Encoding.UTF8.GetBytes(payload)).Span));

    [Fact]
    public void A_landmarks_message_in_CBOR_gets_the_mark_too()
    {
        var payload = new LandmarksCbor().Write(Samples.Work(), "node7", TimeProvider.System).ToArray();
        var marked = ReplayMark.Add(payload);
        Assert.True(ReplayMark.Add(marked).Span.SequenceEqual(marked.Span));
        var reader = new System.Formats.Cbor.CborReader(marked, System.Formats.Cbor.CborConformanceMode.Lax);
        reader.ReadStartMap();
        var last = "";
        while (reader.PeekState() != System.Formats.Cbor.CborReaderState.EndMap)
        {
            last = reader.ReadTextString();
            if (last != "replay")
                reader.SkipValue();
            else
                Assert.True(reader.ReadBoolean());
        }

        Assert.Equal("replay", last);
        Assert.True(payload.AsSpan(1, payload.Length - 2).SequenceEqual(marked.Span[1..(payload.Length - 1)]));
    }

    [Fact]
    public void What_is_recorded_is_read_back_byte_for_byte_over_several_files()
    {
        string[] texts = ["""{"a": 1.50, "b":"ü\/"}""", "[1]", "online", "{\n}", "\u0001"];
        byte[][] payloads = [.. texts.Select(Encoding.UTF8.GetBytes), [0xFF, 0xFE], []];
        var path = Path.Combine(_folder.Path, "r.jsonl");
        File.WriteAllText(path, "mine");
        IReadOnlyList<string> files;
        using (var file = new RecordingFile(path, "broker:1883", 100, TimeSpan.FromMinutes(1), _time))
        {
            foreach (var payload in payloads)
            {
                file.Add(new RecordedMessage(_time.GetUtcNow(), "facelandmark/n/x", payload, "text/plain"));
                _time.Advance(TimeSpan.FromMilliseconds(1.5));
            }

            file.AddGap("facelandmark/n/x", "messages did not come", 3, null);
            file.Flush();
            files = file.Files;
        }

        Assert.Equal("mine", File.ReadAllText(path));
        Assert.Equal(Path.Combine(_folder.Path, "r-2.jsonl"), files[0]);
        Assert.True(files.Count >= 3, $"{files.Count} files");
        var readers = files.Select(written => new RecordingReader(written, "facelandmark")).ToList();
        var messages = readers.SelectMany(reader => reader.Messages()).ToList();
        Assert.Equal(payloads, messages.Select(message => message.Payload.ToArray()));
        Assert.All(messages, message => Assert.Equal("facelandmark/n/x", message.Topic));
        Assert.Equal(TimeSpan.FromMilliseconds(1.5), messages[1].At - messages[0].At);
        Assert.All(readers, reader => Assert.Equal(0, reader.BadLines));
    }

    [Theory]
    [InlineData("frame,face_id\n1,2\n", "is no recording of FaceLandmark")]
    [InlineData("{\"schema\":\"other/1\"}\n", "is no recording of FaceLandmark")]
    [InlineData("[1]\n", "is no recording of FaceLandmark")]
    [InlineData("", "is empty")]
    public void A_file_of_another_program_is_refused(string content, string reason)
    {
        var path = _folder.Write("other.jsonl", content);
        var error = Assert.Throws<RecordingException>(() => new RecordingReader(path, "facelandmark").Messages().ToList());
        Assert.Contains($"'{path}' {reason}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_that_cannot_be_read_are_counted_and_left_out()
    {
        var head = $$"""{"schema":"{{RecordingReader.Schema}}"}""";
        var good = """{"at":"2026-05-04T03:02:01.000000000Z","topic":"a/b","message":{}}""";
        string[] bad =
        [
            good[..40],
            "3",
            """{"at":"x","topic":"a","message":{}}""",
            """{"at":5,"topic":"a","message":{}}""",
            """{"at":"","topic":"a","message":{}}""",
            good.Replace("a/b", "a/#", StringComparison.Ordinal),
            """{"at":"2026-05-04T03:02:01.000000000Z","topic":"a","base64":"?"}""",
            """{"at":"2026-05-04T03:02:01.000000000Z","topic":"a"}""",
            good.Replace("a/b", @"\ud800", StringComparison.Ordinal),
            good.Replace("message", @"\ud800", StringComparison.Ordinal),
            good.Replace("\"message\":{}", @"""base64"":""aGk\ud800""", StringComparison.Ordinal),
        ];
        var reader = new RecordingReader(_folder.Write("r.jsonl", string.Join('\n', [head, good, .. bad, good])), "facelandmark");
        Assert.Equal(2, reader.Messages().Count());
        Assert.Equal((bad.Length, 3), (reader.BadLines, reader.FirstBadLine));
    }

    [Fact]
    public void The_messages_of_a_film_are_those_of_a_camera_of_its_name()
    {
        var line = """{"schema":"facelandmark/landmarks/1","node":"n","camera":"a/b","monotonicNs":1500000000,"faces":[]}""";
        var message = Assert.Single(new RecordingReader(_folder.Write("f.jsonl", line), "base").Messages());
        Assert.Equal("base/n/cameras/a-b/landmarks", message.Topic);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1.5), message.At);
        Assert.Equal(line, Encoding.UTF8.GetString(message.Payload.Span));
    }

    [Fact]
    public void Missing_numbers_are_a_gap_unless_the_node_dropped_the_frames()
    {
        var watch = new SequenceWatch();
        Assert.Equal([0L, 0, 2, 0], [After(1), After(2), After(5), After(9, dropped: 3)]);
        Assert.Equal([0L, 0], [After(3, session: "other"), After(4, session: "other")]);
        Assert.Equal(0, watch.MissingBefore("t", "online"u8));
        Assert.Equal(0, watch.MissingBefore("t", "{"u8));

        // Two engines that share the frames, or both have each.
        Assert.Equal([0L, 0, 0, 0, 0, 1], [New(1, "a"), New(2, "b"), New(6, "a", 3), New(6, "b"), New(7, "b"), New(9, "a")]);
        long New(long number, string engine, long dropped = 0) => After(number, dropped, "two", engine);
        // Frames 51 to 54 were dropped while 50 was under way.
        Assert.Equal([0L, 0, 0, 0, 1], [Later(49), Later(50, 4), Later(55), Later(56), Later(58)]);
        long Later(long number, long dropped = 0) => After(number, dropped, "later");
        // A recorder that joins late: the first message that it sees counts two frames before it, and 9 to 11 after it.
        Assert.Equal([0L, 0, 0, 0, 4], [Joined(7, 5), Joined(8), Joined(12), Joined(13), Joined(18)]);
        long Joined(long number, long dropped = 0) => After(number, dropped, "joined");

        long After(long number, long dropped = 0, string session = "s", string engine = "cpu") =>
            watch.MissingBefore(
                "t",
                Encoding.UTF8.GetBytes(
                    $$"""{"session":"{{session}}","seq":{{number}},"engine":"{{engine}}","frame":{"seq":7},"""
                        + $$"""
                        "dropped":{{dropped}},"faces":[]}
                        """
                )
            );
    }
}
