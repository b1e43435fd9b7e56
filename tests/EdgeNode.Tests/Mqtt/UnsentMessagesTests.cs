using FaceLandmark.Mqtt;

namespace FaceLandmark.Tests.Mqtt;

public sealed class UnsentMessagesTests
{
    [Fact]
    public void Nothing_waits_where_nobody_is() => Assert.True(new UnsentMessages().WhenNoneAsync().IsCompletedSuccessfully);

    [Fact]
    public void The_last_message_that_is_written_ends_the_wait()
    {
        var unsent = new UnsentMessages();
        unsent.Connected("a");
        unsent.Connected("b");
        unsent.Queued("a");
        unsent.Queued("b");
        var none = unsent.WhenNoneAsync();
        unsent.Settled("a");
        Assert.False(none.IsCompleted);
        unsent.Settled("b");
        Assert.True(none.IsCompletedSuccessfully);
    }

    [Fact]
    public void Nobody_waits_for_a_client_that_has_gone()
    {
        var unsent = new UnsentMessages();
        unsent.Connected("a");
        unsent.Queued("a");
        var none = unsent.WhenNoneAsync();
        unsent.Disconnected("a");
        unsent.Queued("a");
        Assert.True(none.IsCompletedSuccessfully);
        Assert.True(unsent.WhenNoneAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public void A_client_that_takes_anothers_place_begins_with_nothing()
    {
        var unsent = new UnsentMessages();
        unsent.Connected("a");
        unsent.Queued("a");
        unsent.Connected("a");
        unsent.Settled("a");
        Assert.True(unsent.WhenNoneAsync().IsCompletedSuccessfully);
        unsent.Queued("a");
        Assert.False(unsent.WhenNoneAsync().IsCompleted);
    }
}
