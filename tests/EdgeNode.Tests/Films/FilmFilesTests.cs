using FaceLandmark.Configuration;
using FaceLandmark.Films;
using FaceLandmark.Tests.Capture;
using FaceLandmark.Tests.Publish;

namespace FaceLandmark.Tests.Films;

/// <summary>Which files are made of films, and what stands in them.</summary>
public sealed class FilmFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_have_the_columns_of_OpenFace_first_and_a_row_is_as_long_as_the_names()
    {
        var path = At("a.csv");
        using (var csv = new FilmCsv(path, 98))
        {
            csv.Write(Samples.Work(), TimeSpan.FromSeconds(1.5));
            csv.Flush();
        }

        var lines = File.ReadAllLines(path);
        Assert.StartsWith("frame,face_id,timestamp,confidence,success,pose_Rx,pose_Ry,pose_Rz,x_0,", lines[0], StringComparison.Ordinal);
        Assert.Equal(2, lines.Length); // of two candidates one is a face
        var values = lines[1].Split(',');
        Assert.Equal(lines[0].Split(',').Length, values.Length);
        Assert.Equal(("42", "1.500000", "1"), (values[0], values[2], values[4]));
    }

    [Fact]
    public void Several_films_of_one_name_get_files_of_their_own_and_none_is_overwritten()
    {
        var (first, second) = (_folder.Write("a/x.mp4", "1"), _folder.Write("b/x.mp4", "2"));
        var jobs = FilmJobs.Of([first, second], At("a"), At("rows"), null);
        Assert.Equal([At("a/x-annotated.mp4"), At("a/x-annotated-2.mp4")], jobs.Select(job => job.Outputs.Annotated));
        Assert.Equal([At("rows/x.csv"), At("rows/x-2.csv")], jobs.Select(job => job.Outputs.Csv));
        Assert.True(Directory.Exists(At("rows")));
        Assert.Null(jobs[0].Outputs.Jsonl);
    }

    [Fact]
    public void Arguments_that_cannot_be_meant_are_refused_with_a_sentence()
    {
        var film = _folder.Write("x.mp4", "1");
        Refused("There is nothing to make", [film], null, null);
        Refused("--out is 'o.avi', but must name an .mp4, .m4v, .mov or .mkv file", [film], "o.avi", null);
        Refused("which is the film itself", [film], film, null);
        Refused("but there are several films: give a folder", [film, film], null, "r.csv");
        Refused("but there is no folder", [film], null, At("gone/r.csv"));
        Refused("--csv is empty", [film], null, "");
        Refused("which is already written to", [film], At("o.mp4"), At("o.mp4"));
    }

    [Fact]
    public void What_a_container_says_is_read_and_nonsense_says_nothing()
    {
        var facts = FilmFacts.Of(
            """
            {"streams":[{"codec_name":"h264","codec_type":"video"},{"codec_name":"aac","codec_type":"audio"}],
             "format":{"duration":"2.5","tags":{"creation_time":"2026-01-02T03:04:05.000000Z"}}}
            """
        );
        Assert.Equal(TimeSpan.FromSeconds(2.5), facts.Duration);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), facts.RecordedAt);
        Assert.Equal(["aac"], facts.AudioCodecs);
        string[] nonsense =
        [
            "",
            "{",
            "[]",
            "{}",
            """{"format":{"duration":"N/A"}}""",
            """{"format":3,"streams":{}}""",
            """{"format":{"duration":"\ud800"}}""",
        ];
        foreach (var nothing in nonsense)
        {
            var (duration, recordedAt, sound) = FilmFacts.Of(nothing);
            Assert.Equal((null, null, 0), (duration, recordedAt, sound.Count));
        }
    }

    private static void Refused(string sentence, IReadOnlyList<string> films, string? annotated, string? csv) =>
        Assert.Contains(
            sentence,
            string.Join('\n', Assert.Throws<ConfigurationException>(() => FilmJobs.Of(films, annotated, csv, null)).Errors),
            StringComparison.Ordinal
        );

    private string At(string name) => Path.Combine(_folder.Path, name);
}
