using FaceLandmark.Configuration;
using FaceLandmark.Films;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Tests.Films;

/// <summary>Several films share the cores.</summary>
public sealed class FilmsAtOnceTests(FilmClips clips) : IClassFixture<FilmClips>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("films-at-once-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_film_for_each_core_is_in_the_pipeline_at_once_and_the_next_begins_when_one_has_ended()
    {
        using var limit = Patience.NewLimit();
        FilmJob[] jobs = [Job(clips.Slow, "a"), Job(clips.Uneven, "b"), Job(clips.Uneven, "c")];
        var uneven = (await FilmClips.TimesAsync(clips.Uneven)).Count;
        long[] lengths = [FilmClips.Frames, uneven, uneven];
        var runs = new FilmRuns(new EdgeNodeOptions(), jobs, cores: 2, NullLoggerFactory.Instance, TimeProvider.System);
        // The first frame of a film stays in its pipeline until the other has one, too: films one after the other would never meet.
        using var meeting = new Barrier(2);
        var done = new long[3];
        var (met, most, begun) = (0, 0, new List<int>());

        var outcomes = await runs.RunAsync(
            (film, advance) =>
            {
                lock (begun)
                {
                    done[film] = advance.Frames;
                    if (advance.Frames == 1)
                        begun.Add(film);
                    most = Math.Max(most, begun.Count(one => done[one] < lengths[one]));
                }

                if (advance.Frames == 1 && film < 2 && meeting.SignalAndWait(Patience.Limit, limit.Token))
                    Interlocked.Increment(ref met);
            },
            limit.Token
        );

        Assert.Equal((2, 2), (met, most));
        Assert.Equal(2, begun.IndexOf(2));
        Assert.Equal(lengths, outcomes.Select(outcome => outcome!.Frames));
        Assert.All(outcomes, outcome => Assert.Null(outcome!.Fault));
        foreach (var job in jobs)
            VideoTests.AssertWholeRows(job.Outputs.Csv!);
    }

    private FilmJob Job(string film, string name) => new(film, new FilmOutputs(null, Path.Combine(_folder, name + ".csv"), null));
}
