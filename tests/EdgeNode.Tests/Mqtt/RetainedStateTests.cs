using FaceLandmark.Mqtt;

namespace FaceLandmark.Tests.Mqtt;

public sealed class RetainedStateTests
{
    private readonly RetainedState _state = new();

    [Fact]
    public void Only_the_latest_payload_is_sent()
    {
        _state.Set("a", [1]);
        _state.Set("b", [2]);
        _state.Set("a", [3]);
        Assert.Equal([("a", 3), ("b", 2)], Take());
        Assert.Empty(Take());
    }

    [Fact]
    public void A_new_connection_gets_everything_again()
    {
        _state.Set("a", [1]);
        _state.Set("b", [2]);
        Take();
        _state.Set("b", [4]);
        _state.ForgetSent();
        Assert.Equal([("a", 1), ("b", 4)], Take());
    }

    [Fact]
    public void A_topic_under_way_waits_for_its_receipt_and_skips_what_is_between()
    {
        _state.Set("a", [1]);
        Take();
        _state.Set("a", [2]);
        _state.Set("a", [3]);
        Assert.Empty(Take());
        _state.Settle("a");
        Assert.Equal([("a", 3)], Take());
        _state.Settle("a");
        Assert.Empty(Take());
        Assert.False(_state.HasUnsent);
    }

    [Fact]
    public void The_same_payload_that_is_set_while_it_is_under_way_goes_again()
    {
        byte[] payload = [1];
        _state.Set("a", payload);
        Take();
        _state.Set("a", payload);
        _state.Settle("a");
        Assert.Equal([("a", 1)], Take());
        _state.Settle("a");
        Assert.Empty(Take());
    }

    [Fact]
    public void A_topic_that_was_refused_goes_again()
    {
        _state.Set("a", [1]);
        Take();
        _state.Settle("a", again: true);
        Assert.Equal([("a", 1)], Take());
    }

    private List<(string Topic, int Payload)> Take()
    {
        List<(string, int)> taken = [];
        while (_state.TryTake(out var topic, out var payload))
            taken.Add((topic, payload[0]));
        return taken;
    }
}
