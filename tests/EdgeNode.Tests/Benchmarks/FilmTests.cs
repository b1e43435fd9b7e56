using FaceLandmark.Benchmarks;
using FaceLandmark.Capture;
using FaceLandmark.Locate;

namespace FaceLandmark.Tests.Benchmarks;

public sealed class FilmTests : IDisposable
{
    private const int FrameBytes = 2 * FilmFile.Width * FilmFile.Height;
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-").FullName;
    private readonly FramePool _pool = new();

    public void Dispose()
    {
        _pool.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void It_is_made_of_a_part_of_the_demo_with_enough_faces()
    {
        var path = Path.Combine(_folder, "film");
        using var detector = new BlazeFaceDetector(new LocateOptions());

        var region = FilmFile.Make(path, detector);

        using var film = new FilmFile(path);
        using var frame = film.Read(0, _pool);
        var faces = detector.Detect(frame);
        Assert.True(faces.Count >= FilmFile.Faces);
        var middle = (X: region[0] + (region[2] / 2), Y: region[1] + (region[2] / 2));
        Assert.Contains(
            faces,
            face =>
                Math.Abs(face.Box.X + (face.Box.Width / 2) - middle.X) < 2 && Math.Abs(face.Box.Y + (face.Box.Height / 2) - middle.Y) < 2
        );
    }

    [Fact]
    public void It_is_played_forwards_and_backwards()
    {
        using var film = Film(3);
        Assert.Equal([0, 1, 2, 1, 0, 1, 2, 1, 0], Enumerable.Range(0, 9).Select(number => Shown(film, number)));
    }

    [Fact]
    public void A_film_cut_short_is_no_frame()
    {
        var path = Path.Combine(_folder, "short");
        File.WriteAllBytes(path, new byte[FrameBytes * 2]);
        using var film = new FilmFile(path);
        File.WriteAllBytes(path, new byte[FrameBytes]);
        var fault = Assert.Throws<SourceException>(() => film.Read(1, _pool));
        Assert.Contains("cut short", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Cameras_share_the_number_of_frames_and_the_time_is_between_them()
    {
        var marks = new List<string>();
        using var film = Film(4);
        using var clock = new FilmClock(2, 3, marks.Add);
        var sources = new FilmSources(film, clock, 0);
        using var one = sources.Open(new CameraOptions());
        using var two = sources.Open(new CameraOptions());
        var given = 0;
        for (var turn = 0; turn < 4; turn++)
        {
            foreach (var source in new[] { one, two })
            {
                using var frame = source.Read(_pool, TestContext.Current.CancellationToken);
                given += frame is null ? 0 : 1;
            }
        }

        Assert.Equal(5, given);
        Assert.Equal([FilmClock.Begin, FilmClock.End], marks);
        Assert.True(clock.Finished.IsCompleted);
        Assert.True(clock.Ended > clock.Began);
        Assert.True(clock.Resident.Count > 0 && clock.ResidentBytes > 0);
    }

    [Fact]
    public async Task A_live_film_waits_for_its_end_to_be_wanted()
    {
        using var film = Film(4);
        using var clock = new FilmClock(0, 2, _ => { });
        using var stop = new CancellationTokenSource();
        using var source = new FilmSources(film, clock, 1000).Open(new CameraOptions());
        Assert.True(source.Info.IsLive);
        var reading = Task.Run(
            () =>
            {
                while (source.Read(_pool, stop.Token) is { } frame)
                    frame.Dispose();
            },
            TestContext.Current.CancellationToken
        );
        await clock.Finished.InTimeAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.InTimeAsync());
    }

    private FilmFile Film(int frames)
    {
        var path = Path.Combine(_folder, "numbered");
        using (var file = File.Create(path))
        {
            for (var number = 0; number < frames; number++)
            {
                var frame = new byte[FrameBytes];
                Array.Fill(frame, (byte)number);
                file.Write(frame);
            }
        }

        return new FilmFile(path);
    }

    private int Shown(FilmFile film, long number)
    {
        using var frame = film.Read(number, _pool);
        Assert.Equal(frame.Data[0], frame.Data[^1]);
        return frame.Data[0];
    }
}
