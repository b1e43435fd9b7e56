using FaceLandmark.Capture.V4l2;

namespace FaceLandmark.Tests.Capture.V4l2;

public sealed class LostFramesTests
{
    [Fact]
    public void Gaps_of_the_sequence_are_lost_frames() => Assert.Equal([0, 0, 1, 0, 9], Counted(7, 8, 10, 11, 21));

    [Fact]
    public void The_sequence_goes_on_behind_its_last_number() =>
        Assert.Equal([0, 0, 0, 1], Counted(uint.MaxValue - 1, uint.MaxValue, 0, 2));

    [Fact]
    public void A_counter_that_stands_still_or_begins_anew_lost_nothing() => Assert.Equal([0, 0, 0, 0], Counted(0, 0, 0, 1_000_000));

    private static List<int> Counted(params uint[] sequences)
    {
        var counter = new LostFrames();
        return [.. sequences.Select(counter.Before)];
    }
}
