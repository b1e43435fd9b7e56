using FaceLandmark.Faces;
using FaceLandmark.Locate;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Locate;

/// <summary>The detector of a live camera, which looks at a frame while later ones go on.</summary>
public sealed class DetectorBesideFramesTests : LocatorScene
{
    private readonly ManualResetEventSlim _detects = new(true);
    private IEnumerable<Box> _seen = [At(100)];

    [Fact]
    public Task While_a_face_is_followed_no_frame_waits_and_a_new_face_comes_with_a_later_one() =>
        RunAsync(async locator =>
        {
            Follow(locator, from: 1, to: 10, At(100));
            _detects.Reset();
            _seen = [At(100), At(300)];
            Follow(locator, from: 11, to: 15, At(100));
            _detects.Set();
            await locator.Detecting.InTimeAsync();
            Assert.Equal([1, 2], Locate(locator, 16).Select(candidate => candidate.Id));
        });

    [Fact]
    public async Task The_detector_looks_at_a_frame_when_its_landmarks_are_on_their_way_and_never_beside_its_inference()
    {
        var detector = new FakeDetector(_ => _seen);
        var time = new FakeTimeProvider();
        using var locator = new FaceLocator(Track, detector, time, detectorsDelay: null);
        Follow(locator, from: 1, to: 10, At(100));
        var candidates = Locate(locator, 11);
        await locator.Detecting.InTimeAsync();
        Assert.Equal(1, detector.Runs);
        Report(locator, (11, candidates), (_, _) => At(100));
        Assert.Equal((1, false), (detector.Runs, locator.Detecting.IsCompleted)); // they have a start
        time.Advance(TimeSpan.FromMilliseconds(4));
        await locator.Detecting.InTimeAsync();
        Assert.Equal(2, detector.Runs);
    }

    [Fact]
    public async Task A_frame_whose_landmarks_never_come_is_looked_at_when_the_next_one_comes()
    {
        var detector = new FakeDetector(_ => _seen);
        using var locator = new FaceLocator(Track, detector, detectorsDelay: null);
        Follow(locator, from: 1, to: 10, At(100));
        Locate(locator, 11);
        Locate(locator, 12);
        await locator.Detecting.InTimeAsync();
        Assert.Equal(2, detector.Runs);
    }

    [Fact]
    public Task A_face_that_moved_on_meanwhile_stays_where_it_is_and_keeps_its_number() =>
        RunAsync(async locator =>
        {
            Follow(locator, from: 1, to: 10, At(100));
            _detects.Reset();
            Follow(locator, from: 11, to: 15, At(200));
            _detects.Set();
            await locator.Detecting.InTimeAsync();
            var only = Assert.Single(Locate(locator, 16));
            Assert.Equal((1, Region.Around(At(200))), (only.Id, only.Region));
        });

    [Fact]
    public Task What_was_found_before_the_camera_stalled_is_forgotten() =>
        RunAsync(async locator =>
        {
            Follow(locator, from: 1, to: 10, At(100));
            _seen = [At(100), At(300)];
            Follow(locator, from: 11, to: 11, At(100));
            await locator.Detecting.InTimeAsync();
            Follow(locator, from: 60, to: 60, At(100));
            await locator.Detecting.InTimeAsync();
            Assert.Equal(2, Locate(locator, 61).Length);
        });

    [Fact]
    public Task Where_no_face_is_followed_a_frame_has_what_is_seen_in_it() =>
        RunAsync(locator =>
        {
            _seen = [];
            Assert.Empty(Locate(locator, 1));
            _seen = [At(100)];
            Assert.Single(Locate(locator, 2));
            return Task.CompletedTask;
        });

    [Fact]
    public async Task What_the_detector_refuses_is_the_fault_of_the_frame_that_asks_next()
    {
        var detector = new FakeDetector(_ => _seen.Any() ? _seen : throw new DetectorException("It refuses."));
        using var locator = new FaceLocator(Track, detector, detectorsDelay: null);
        Follow(locator, from: 1, to: 10, At(100));
        _seen = [];
        Follow(locator, from: 11, to: 11, At(100));
        await Assert.ThrowsAsync<DetectorException>(() => locator.Detecting.InTimeAsync());
        Assert.Throws<DetectorException>(() => Locate(locator, 12));
        _seen = [At(100)];
        Assert.Single(Locate(locator, 13));
    }

    [Fact]
    public void Of_a_file_the_frame_some_frames_later_has_what_was_found_however_long_it_took()
    {
        var detector = new FakeDetector(_ => _seen);
        using var locator = new FaceLocator(Track, detector, detectorsDelay: 3);
        Follow(locator, from: 1, to: 10, At(100));
        Assert.Equal(1, detector.Runs);
        _seen = [At(100), At(300)];
        Follow(locator, from: 11, to: 13, At(100));
        Assert.Equal([1, 2], Locate(locator, 14).Select(candidate => candidate.Id));
        Assert.Equal(2, detector.Runs);
    }

    [Fact]
    public void Of_a_file_in_which_no_face_is_followed_any_more_the_next_frame_has_what_is_seen_in_it()
    {
        var detector = new FakeDetector(_ => _seen);
        using var locator = new FaceLocator(Track, detector, detectorsDelay: 3);
        Follow(locator, from: 1, to: 11, At(100));
        _seen = [At(300)];
        Report(locator, (12, Locate(locator, 12)), (_, _) => null);
        Assert.Equal(Region.Around(At(300)), Assert.Single(Locate(locator, 13)).Region);
    }

    private async Task RunAsync(Func<FaceLocator, Task> test)
    {
        using var locator = new FaceLocator(Track, new FakeDetector(_ => Seen()), detectorsDelay: null);
        try
        {
            await test(locator);
        }
        finally
        {
            _detects.Set(); // else the locator waits for ever
        }
    }

    private IEnumerable<Box> Seen()
    {
        _detects.Wait();
        return _seen;
    }

    private void Follow(FaceLocator locator, long from, long to, Box place)
    {
        for (var frame = from; frame <= to; frame++)
        {
            var candidates = Locate(locator, frame);
            Assert.Equal(1, Assert.Single(candidates).Id);
            Report(locator, (frame, candidates), (_, _) => place);
        }
    }
}
