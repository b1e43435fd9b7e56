using FaceLandmark.Faces;
using FaceLandmark.Locate;
using FaceLandmark.Tests.Postprocess;

namespace FaceLandmark.Tests.Locate;

public sealed class FaceLocatorTests : LocatorScene
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_moving_face_keeps_its_number_for_300_frames_however_late_results_come(int late)
    {
        var detector = new FakeDetector(frame => [Moving(frame)]);
        using var locator = new FaceLocator(Track, detector);
        var waiting = new Queue<(long Frame, FaceCandidate[] Candidates)>();

        for (var frame = 1; frame <= 300; frame++)
        {
            var candidates = Locate(locator, frame);
            var only = Assert.Single(candidates);
            Assert.Equal(1, only.Id);
            Assert.True(
                Overlap(only.Region, Region.Around(Moving(frame))) > 0.6f,
                $"frame {frame}: {Moving(frame)} is not in {only.Region}"
            );
            waiting.Enqueue((frame, candidates));
            if (waiting.Count > late)
                Report(locator, waiting.Dequeue(), (_, of) => Moving(of));
        }

        Assert.InRange(detector.Runs, 30, 31);
    }

    [Fact]
    public void The_region_follows_the_landmarks_between_detections()
    {
        using var locator = new FaceLocator(Track, new FakeDetector(_ => [new Box(100, 100, 80, 80)]));
        var first = Locate(locator, 1);

        Report(locator, (1, first), (_, _) => new Box(110, 120, 80, 80));

        Assert.Equal(Region.Around(new Box(100, 100, 80, 80)), first[0].Region);
        Assert.Equal(Region.Around(new Box(110, 120, 80, 80)), Assert.Single(Locate(locator, 2)).Region);
    }

    [Fact]
    public void Two_faces_that_pass_each_other_keep_their_numbers()
    {
        using var locator = new FaceLocator(Track, new FakeDetector(frame => [Left(frame), Right(frame)]));

        for (var frame = 1; frame <= 100; frame++)
        {
            var candidates = Locate(locator, frame);
            Assert.Equal([1, 2], candidates.Select(candidate => candidate.Id));
            Report(locator, (frame, candidates), (id, of) => id == 1 ? Left(of) : Right(of));
        }

        static Box Left(long frame) => new(50 + (4 * frame), 100, 80, 80);
        static Box Right(long frame) => new(450 - (4 * frame), 130, 80, 80);
    }

    [Fact]
    public void A_lost_face_wakes_the_detector_and_comes_back_with_its_number()
    {
        var there = true;
        var detector = new FakeDetector(_ => there ? [new Box(100, 100, 80, 80)] : []);
        using var locator = new FaceLocator(Track, detector);
        var first = Locate(locator, 1);
        there = false;

        Report(locator, (1, first), (_, _) => null);
        Assert.Empty(Locate(locator, 2));
        Assert.Empty(Locate(locator, 3));
        Assert.Equal(3, detector.Runs);
        there = true;

        Assert.Equal(1, Assert.Single(Locate(locator, 4)).Id);
        Assert.Equal(4, detector.Runs);
    }

    [Fact]
    public void Losing_one_face_of_two_has_the_detector_look_for_it_for_a_second_and_a_half()
    {
        var detector = new FakeDetector(frame => frame == 1 ? [At(100), At(300)] : [At(300)]);
        using var locator = new FaceLocator(Track, detector);
        var first = Locate(locator, 1);
        Report(locator, (1, first), (id, _) => id == 1 ? null : At(300));

        for (var frame = 2; frame <= 100; frame++)
        {
            var candidates = Locate(locator, frame);
            Assert.Equal(2, Assert.Single(candidates).Id);
            Report(locator, (frame, candidates), (_, _) => At(300));
        }

        // In frames 1 and 2, every third one up to frame 46, and every tenth again after that.
        Assert.InRange(detector.Runs, 20, 23);
    }

    [Fact]
    public void The_region_turns_with_a_head_that_tilts_beyond_20_degrees()
    {
        using var locator = new FaceLocator(Track with { DetectEvery = 10_000 }, new FakeDetector(_ => [new Box(240, 160, 160, 160)]));
        var turns = new List<float>();
        for (var frame = 1; frame <= 8; frame++)
        {
            // The roll that the landmarks of this frame tell.
            var roll = new[] { 0, 18, 22, 24, 40, -170, 17, 10 }[frame - 1];
            var face = Shape.Face(Shape.Mean(100, roll));
            face.Candidate = Assert.Single(Locate(locator, frame));
            locator.Report(frame, [face]);
            turns.Add(Assert.Single(Locate(locator, frame)).Region.Degrees);
        }

        Assert.Equal([0, 0, 20, 20, 40, -170, 15, 0], turns);
    }

    [Fact]
    public void A_turned_region_is_the_upright_one_of_the_upright_face()
    {
        using var locator = new FaceLocator(Track, new FakeDetector(_ => [new Box(240, 160, 160, 160)]));
        var upright = Region.Around(Box.Of(Shape.Mean(100)));
        for (var frame = 1; frame <= 12; frame++)
        {
            var face = Shape.Face(Shape.Mean(100, 90));
            face.Candidate = Assert.Single(Locate(locator, frame));
            locator.Report(frame, [face]);
        }

        var region = Assert.Single(Locate(locator, 13)).Region;

        // The mean face stands at 320, 240; where its box has its middle turns about that.
        var (x, y) = (upright.X + (upright.Width / 2f) - 320, upright.Y + (upright.Height / 2f) - 240);
        Assert.Equal((90, upright.Width), (region.Degrees, region.Width), (a, b) => a.Item1 == b.Item1 && Math.Abs(a.Width - b.Width) <= 1);
        Assert.InRange(region.X + (region.Width / 2f) - (320 - y), -1.5f, 1.5f);
        Assert.InRange(region.Y + (region.Height / 2f) - (240 + x), -1.5f, 1.5f);
    }

    [Fact]
    public void A_result_older_than_the_newest_is_ignored()
    {
        using var locator = new FaceLocator(Track, new FakeDetector(_ => [At(100)]));
        var candidates = Locate(locator, 1);
        _ = Locate(locator, 2);

        Report(locator, (2, candidates), (_, _) => At(120));
        Report(locator, (1, candidates), (_, _) => At(110));
        Report(locator, (1, candidates), (_, _) => null);

        Assert.Equal(Region.Around(At(120)), Assert.Single(Locate(locator, 3)).Region);
    }

    [Fact]
    public void A_frame_without_results_changes_nothing()
    {
        using var locator = new FaceLocator(Track, new FakeDetector(_ => [At(100)]));
        var candidates = Locate(locator, 1);

        locator.Report(1, []);

        Assert.Equal(candidates, Locate(locator, 2));
    }

    [Fact]
    public void No_more_faces_than_allowed_and_the_followed_ones_first()
    {
        using var locator = new FaceLocator(
            Track with
            {
                MaxFaces = 2,
            },
            new FakeDetector(frame => frame == 1 ? [At(300)] : [At(0), At(100), At(200), At(300)])
        );
        Report(locator, (1, Locate(locator, 1)), (_, _) => At(300));

        var candidates = Locate(locator, 11);

        Assert.Equal([Region.Around(At(300)), Region.Around(At(0))], candidates.Select(candidate => candidate.Region));
        Assert.Equal([1, 2], candidates.Select(candidate => candidate.Id));
    }

    [Fact]
    public void Of_two_tracks_on_one_face_the_younger_goes()
    {
        using var locator = new FaceLocator(Track, new FakeDetector(_ => [At(100), At(300)]));
        var candidates = Locate(locator, 1);

        Report(locator, (1, candidates), (id, _) => id == 1 ? At(200) : At(205));

        Assert.Equal(1, Assert.Single(Locate(locator, 2)).Id);
    }

    [Fact]
    public void A_face_the_detector_does_not_see_again_goes_even_if_landmarks_claim_it()
    {
        using var locator = new FaceLocator(Track, new FakeDetector(frame => frame == 1 ? [At(100)] : []));
        var last = 0;

        for (var frame = 1; frame <= 60; frame++)
        {
            var candidates = Locate(locator, frame);
            last = candidates.Length > 0 ? frame : last;
            Report(locator, (frame, candidates), (_, _) => At(100));
        }

        Assert.Equal(20, last);
    }

    [Theory]
    [InlineData(1.05f)]
    [InlineData(0.95f)]
    public void A_region_that_feeds_on_its_own_error_is_called_back_by_the_detector(float growth)
    {
        using var locator = new FaceLocator(Track, new FakeDetector(_ => [new Box(250, 200, 100, 100)]));

        for (var frame = 1; frame <= 500; frame++)
        {
            var candidates = Locate(locator, frame);
            var side = Assert.Single(candidates).Region.Width / Region.Enlargement;
            Assert.InRange(side, 40, 250);
            Report(
                locator,
                (frame, candidates),
                (_, _) => new Box(300 - (side * growth / 2), 250 - (side * growth / 2), side * growth, side * growth)
            );
        }
    }

    [Fact]
    public void Following_allocates_nothing()
    {
        using var locator = new FaceLocator(Track with { DetectEvery = 10_000 }, new FakeDetector(_ => [At(100), At(300)]));
        Span<FaceCandidate> candidates = new FaceCandidate[Track.MaxFaces];
        var faces = new[]
        {
            new Face(98) { IsPresent = true },
            new Face(98) { IsPresent = true },
        };
        Follow(1, candidates);
        Follow(2, candidates);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var frame = 3; frame <= 300; frame++)
            Follow(frame, candidates);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Follow(long frame, Span<FaceCandidate> into)
        {
            Frame.Sequence = frame;
            var count = locator.Locate(Frame, into);
            for (var i = 0; i < count; i++)
                (faces[i].Candidate, faces[i].Box) = (into[i], At(100 + (200 * i)));
            locator.Report(frame, faces.AsSpan(0, count));
        }
    }
}
