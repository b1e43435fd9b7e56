using FaceLandmark.Faces;
using FaceLandmark.Locate;

namespace FaceLandmark.Tests.Locate;

/// <summary>
/// Numbers of faces that are hidden for a moment or cross, in a world whose truth is known: a detector sees what is not hidden, and the
/// landmarks of a region fall on the visible face that fills it most, whoever's region it was.
/// </summary>
public sealed class KeptNumbersTests : LocatorScene
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 0)]
    [InlineData(-3, 1)]
    [InlineData(1, 2)]
    public void A_face_hidden_for_a_second_keeps_its_number(float pixelsPerFrame, int late) =>
        Assert.Equal(0, Switches(90, late, IsHidden, frame => new Box(250 + (frame * pixelsPerFrame), 200, 90, 90)));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_face_that_stops_behind_something_keeps_its_number(float pixelsPerFrame) =>
        Assert.Equal(0, Switches(90, 1, IsHidden, frame => new Box(100 + (Math.Min(frame, 30) * pixelsPerFrame), 200, 90, 90)));

    [Fact]
    public void Who_comes_later_or_elsewhere_gets_a_new_number()
    {
        Assert.Equal(1, Switches(120, 0, (frame, _) => frame is >= 30 and < 90, _ => At(200)));
        Assert.Equal(1, Switches(90, 0, IsHidden, frame => At(frame < 30 ? 50 : 450)));
        Assert.Equal(1, Switches(90, 0, IsHidden, frame => frame < 30 ? At(200) : new Box(200, 200, 30, 30)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void After_a_cut_of_a_film_a_face_in_the_same_place_is_another_one(int detectorsDelay)
    {
        using var locator = new FaceLocator(Track, new FakeDetector(_ => [At(100)]), detectorsDelay: detectorsDelay);
        for (var frame = 1; frame <= 12; frame++)
            Report(locator, (frame, Locate(locator, frame)), (_, _) => At(100));
        var before = Locate(locator, 13);
        Frame.BeginsShot = true;
        var after = Locate(locator, 14);
        Frame.BeginsShot = false;
        Assert.Equal((1, 2), (before.Single().Id, after.Single().Id));

        Report(locator, (13, before), (_, _) => At(100)); // comes late, of a face that is gone
        Assert.Equal([2], Locate(locator, 15).Select(candidate => candidate.Id));
    }

    [Theory]
    [InlineData(2, 0, 0)]
    [InlineData(3, 10, 0)]
    [InlineData(4, 0, 1)]
    [InlineData(6, 25, 2)]
    [InlineData(10, 0, 1)]
    [InlineData(-3, 0, 1)]
    [InlineData(-5, 15, 0)]
    public void Two_faces_that_cross_keep_their_numbers(float pixelsPerFrame, float below, int late)
    {
        // The first is in front and hides the other one where they overlap. In half of the cases the hidden one is the older track.
        Box Front(long frame) => new(320 - 45 + ((frame - 60) * pixelsPerFrame), 200, 90, 90);
        Box Back(long frame) => new(320 - 45 - ((frame - 60) * pixelsPerFrame), 200 + below, 90, 90);

        Assert.Equal(0, Switches(120, late, (_, _) => false, Front, Back));
        Assert.Equal(0, Switches(120, late, (_, _) => false, frame => frame < 5 ? default : Front(frame), Back));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public void A_face_that_another_passes_in_front_of_keeps_its_number(float pixelsPerFrame)
    {
        Box Passes(long frame) => new(275 + ((frame - 60) * pixelsPerFrame), 205, 90, 90);

        Assert.Equal(0, Switches(120, 1, (_, _) => false, Passes, _ => new Box(280, 200, 85, 85)));
    }

    private static bool IsHidden(long frame, int face) => frame is >= 30 and < 60;

    /// <summary>
    /// How often a face got another number than it had before. Faces are given by frame, the foremost first; one without size is not there.
    /// </summary>
    private int Switches(int frames, int late, Func<long, int, bool> hidden, params Func<long, Box>[] faces)
    {
        var detector = new FakeDetector(frame => Visible(frame).Select(face => face.Box));
        using var locator = new FaceLocator(Track, detector);
        var waiting = new Queue<(long Frame, FaceCandidate[] Candidates)>();
        var (numbers, switches) = (new int[faces.Length], 0);
        for (var frame = 1; frame <= frames; frame++)
        {
            var candidates = Locate(locator, frame);
            foreach (var (face, box) in Visible(frame))
            {
                var here = candidates
                    .Where(candidate => Overlap(candidate.Region, Region.Around(box)) > 0.6f)
                    .Select(candidate => candidate.Id)
                    .ToList();
                var number = here.Contains(numbers[face]) ? numbers[face] : here.FirstOrDefault();
                switches += number != 0 && numbers[face] != 0 && number != numbers[face] ? 1 : 0;
                numbers[face] = number != 0 ? number : numbers[face];
            }

            waiting.Enqueue((frame, candidates));
            if (waiting.Count <= late)
                continue;
            var (of, given) = waiting.Dequeue();
            Report(locator, (of, given), (id, _) => Landmarks(of, given.First(candidate => candidate.Id == id).Region));
        }

        Assert.All(numbers, number => Assert.NotEqual(0, number));
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
        return switches;

        List<(int Face, Box Box)> Visible(long frame)
        {
            var visible = new List<(int Face, Box Box)>();
            for (var face = 0; face < faces.Length; face++)
            {
                var box = faces[face](frame);
                if (box.Width > 0 && !hidden(frame, face) && visible.TrueForAll(other => other.Box.Overlap(box) < 0.35f))
                    visible.Add((face, box));
            }

            return visible;
        }

        Box? Landmarks(long frame, Region region)
        {
            var inside = Visible(frame)
                .Select(face => face.Box)
                .Where(box => Overlap(region, Region.Around(box)) > 0.15f)
                .OrderByDescending(box => Overlap(region, Region.Around(box)))
                .ToList();
            return inside.Count > 0 ? inside[0] : null;
        }
    }
}
