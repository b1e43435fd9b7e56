using FaceLandmark.Mqtt;
using Microsoft.Extensions.Time.Testing;
using Trait = FaceLandmark.Mqtt.LearnedLimits.Trait;

namespace FaceLandmark.Tests.Mqtt;

public sealed class LearnedLimitsTests
{
    private static readonly TimeSpan s_brief = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();
    private readonly LearnedLimits _limits;

    public LearnedLimitsTests() => _limits = new LearnedLimits(_time);

    [Fact]
    public void Nothing_goes_alone_until_a_connection_ended_unexplained()
    {
        Assert.False(_limits.NeedsProof(new Trait("a", 5000, true)));
        Assert.Equal(LearnedLimit.None, _limits.Ended(null, s_brief));
        Assert.True(_limits.NeedsProof(new Trait("a", 5000, true)));
        _limits.Took(new Trait("a", 5000, true));
        Assert.False(_limits.NeedsProof(new Trait("a", 4000, false)));
        Assert.True(_limits.NeedsProof(new Trait("b", 4000, false)));
        Assert.True(_limits.NeedsProof(new Trait("a", 5001, false)));
    }

    [Fact]
    public void One_end_may_be_chance_and_the_second_sets_the_topic_aside_for_an_hour()
    {
        var info = new Trait("info", 5000, true);
        _limits.Took(new Trait("small", 100, true));
        Assert.Equal(LearnedLimit.None, _limits.Ended(info, s_brief));
        Assert.False(_limits.IsAside(info));
        Assert.Equal(LearnedLimit.Topic, _limits.Ended(info, s_brief));
        Assert.True(_limits.IsAside(info));
        Assert.False(_limits.IsAside(new Trait("other", 6000, false)));
        _time.Advance(TimeSpan.FromHours(1));
        _limits.Begin();
        Assert.False(_limits.IsAside(info));
    }

    [Fact]
    public void Two_topics_of_a_size_are_a_limit()
    {
        _limits.Took(new Trait("small", 100, true));
        Twice(new Trait("info", 5000, true));
        Assert.Equal(LearnedLimit.Size, Twice(new Trait("landmarks", 3800, false)));
        Assert.Equal(3799, _limits.Bytes);
        Assert.False(_limits.IsAside(new Trait("info", 3000, true)));
        Assert.True(_limits.IsAside(new Trait("info", 5000, true)));
    }

    [Fact]
    public void A_topic_whose_messages_are_small_is_no_matter_of_size()
    {
        _limits.Took(new Trait("large", 9000, true));
        Assert.Equal(LearnedLimit.Topic, Twice(new Trait("a", 5000, false)));
        Assert.Equal(LearnedLimit.Topic, Twice(new Trait("b", 5000, false)));
        Assert.Null(_limits.Bytes);
    }

    [Fact]
    public void A_broker_that_never_took_a_retained_message_may_take_none()
    {
        Assert.Equal(LearnedLimit.Retain, Twice(new Trait("state", 300, true)));
        Assert.False(_limits.MayRetain);
        Assert.False(_limits.IsAside(new Trait("state", 300, false)));
    }

    [Fact]
    public void What_was_taken_once_is_doubted_after_ends_without_a_suspect()
    {
        _limits.Took(new Trait("a", 5000, true));
        _limits.Ended(null, s_brief);
        Assert.False(_limits.NeedsProof(new Trait("a", 5000, true)));
        _limits.Ended(null, s_brief);
        Assert.True(_limits.NeedsProof(new Trait("a", 5000, true)));
    }

    private LearnedLimit Twice(Trait message)
    {
        _limits.Ended(message, s_brief);
        return _limits.Ended(message, s_brief);
    }
}
