using FaceLandmark.Mqtt;

namespace FaceLandmark.Tests.Mqtt;

public sealed class LinkPhaseTests
{
    [Fact]
    public void Only_the_moves_of_a_connection_are_made()
    {
        var all = Enum.GetValues<LinkState>();
        (LinkState From, LinkState To)[] allowed =
        [
            (LinkState.Disconnected, LinkState.Connecting),
            (LinkState.Connecting, LinkState.Online),
            (LinkState.Connecting, LinkState.Disconnected),
            (LinkState.Online, LinkState.Draining),
            (LinkState.Online, LinkState.Disconnected),
            (LinkState.Draining, LinkState.Disconnected),
        ];
        foreach (var from in all)
            foreach (var to in all)
                Assert.Equal(allowed.Contains((from, to)), At(from).MoveTo(to));
    }

    [Fact]
    public void Who_waits_for_the_link_gets_each_time_it_is_online()
    {
        var phase = new LinkPhase();
        var first = phase.Online;
        phase.MoveTo(LinkState.Connecting);
        phase.MoveTo(LinkState.Disconnected);
        Assert.Same(first, phase.Online); // it was not there yet
        phase.MoveTo(LinkState.Connecting);
        phase.MoveTo(LinkState.Online);
        Assert.True(first.IsCompletedSuccessfully);
        phase.MoveTo(LinkState.Disconnected);
        Assert.False(phase.Online.IsCompleted);
    }

    private static LinkPhase At(LinkState state)
    {
        var phase = new LinkPhase();
        LinkState[] way = state switch
        {
            LinkState.Disconnected => [],
            LinkState.Connecting => [LinkState.Connecting],
            LinkState.Online => [LinkState.Connecting, LinkState.Online],
            _ => [LinkState.Connecting, LinkState.Online, LinkState.Draining],
        };
        foreach (var step in way)
            Assert.True(phase.MoveTo(step));
        return phase;
    }
}
