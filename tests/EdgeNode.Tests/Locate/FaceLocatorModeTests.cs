using FaceLandmark.Faces;
using FaceLandmark.Locate;

namespace FaceLandmark.Tests.Locate;

public sealed class FaceLocatorModeTests : LocatorScene
{
    [Fact]
    public void Detect_mode_asks_the_detector_every_time_and_keeps_numbers()
    {
        var detector = new FakeDetector(frame => frame == 20 ? [] : [Moving(frame)]);
        using var locator = new FaceLocator(Track with { Mode = LocateMode.Detect }, detector);

        for (var frame = 1; frame <= 40; frame++)
        {
            var candidates = Locate(locator, frame);
            if (frame == 20)
                Assert.Empty(candidates);
            else
                Assert.Equal(new FaceCandidate(1, Region.Around(Moving(frame))), Assert.Single(candidates));
        }

        Assert.Equal(40, detector.Runs);
    }

    [Fact]
    public void A_face_is_looked_at_twice_until_its_landmarks_place_it()
    {
        using var locator = new FaceLocator(Track, new FakeDetector(frame => frame < 10 ? [At(100)] : [At(140)]));

        var (first, second) = (Locate(locator, 1), Locate(locator, 2));
        Report(locator, (1, first), (_, _) => At(100));
        var third = Locate(locator, 3);
        var afterAJump = Locate(locator, 11);

        FaceCandidate[][] located = [first, second, third, afterAJump];
        Assert.Equal([true, true, false, true], located.Select(found => Assert.Single(found).IsFirstLook));
    }

    [Theory]
    [InlineData(LocateMode.Track)]
    [InlineData(LocateMode.Detect)]
    internal void Faces_of_a_still_are_looked_at_twice(LocateMode mode)
    {
        using var locator = new FaceLocator(Track with { Mode = mode }, new FakeDetector(_ => [At(100)]));
        Frame.IsStill = true;

        Assert.True(Assert.Single(Locate(locator, 1)).IsFirstLook);
    }

    [Fact]
    public void Stills_share_no_numbers()
    {
        using var locator = new FaceLocator(Track, new FakeDetector(_ => [At(100), At(300)]));
        Frame.IsStill = true;

        var (first, second) = (Locate(locator, 1), Locate(locator, 2));

        Assert.Equal([1, 2], first.Select(candidate => candidate.Id));
        Assert.Equal([3, 4], second.Select(candidate => candidate.Id));
    }

    [Fact]
    public void Full_frame_hands_out_the_whole_frame_without_a_detector()
    {
        using var locator = new FaceLocator(Track with { Mode = LocateMode.FullFrame }, null);

        Assert.Equal([new FaceCandidate(1, new Region(0, 0, 640, 480))], Locate(locator, 1));
    }

    [Fact]
    public void Following_needs_a_detector() =>
        Assert.Contains(
            "Locate:Mode Track needs a detector",
            Assert.Throws<ArgumentNullException>(() => new FaceLocator(Track, null)).Message,
            StringComparison.Ordinal
        );
}
