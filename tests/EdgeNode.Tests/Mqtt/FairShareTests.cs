using FaceLandmark.Mqtt;

namespace FaceLandmark.Tests.Mqtt;

public sealed class FairShareTests
{
    [Fact]
    public void Flows_that_always_wait_get_bytes_by_their_weights_whatever_the_size_of_their_messages()
    {
        var share = new FairShare([4, 4, 1]);
        int[] sizes = [300, 4000, 60_000];
        var bytes = new long[3];
        for (var turn = 0; turn < 20_000; turn++)
        {
            var flow = share.Next([true, true, true])!.Value;
            share.Charge(flow, sizes[flow]);
            bytes[flow] += sizes[flow];
        }

        Assert.Equal(1, (double)bytes[0] / bytes[1], 0.05);
        Assert.Equal(4, (double)bytes[1] / bytes[2], 0.2);
    }

    [Fact]
    public void A_flow_that_was_idle_comes_at_once_and_has_saved_nothing_up()
    {
        var share = new FairShare([1, 1]);
        for (var turn = 0; turn < 1000; turn++)
            share.Charge(share.Next([true, false])!.Value, 1000);
        var turns = new List<int>();
        for (var turn = 0; turn < 6; turn++)
        {
            turns.Add(share.Next([true, true])!.Value);
            share.Charge(turns[^1], 1000);
        }

        Assert.Equal(3, turns.Count(flow => flow == 1));
        Assert.Contains(1, turns.Take(2));
        Assert.Null(share.Next([false, false]));
    }
}
