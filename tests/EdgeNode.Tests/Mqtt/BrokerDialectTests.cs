using FaceLandmark.Mqtt;
using MQTTnet;

namespace FaceLandmark.Tests.Mqtt;

/// <summary>How a broker is spoken to after what it said to the last try.</summary>
public sealed class BrokerDialectTests
{
    private static readonly TimeSpan s_atOnce = TimeSpan.FromMilliseconds(10);

    [Theory]
    [InlineData(MqttVersion.Auto, true)]
    [InlineData(MqttVersion.V5, true)]
    [InlineData(MqttVersion.V311, false)]
    internal void The_first_try_is_in_the_version_asked_for_with_a_whole_will(MqttVersion wanted, bool isVersion5)
    {
        var dialect = new BrokerDialect(wanted);
        Assert.Equal((isVersion5, true, true), (dialect.IsVersion5, dialect.RetainsWill, dialect.AcknowledgesWill));
    }

    [Fact]
    public void A_broker_that_hangs_up_may_be_an_old_one_until_it_was_asked_in_its_version()
    {
        var dialect = new BrokerDialect(MqttVersion.Auto);
        dialect.HungUp(s_atOnce);
        Assert.Equal((true, true), (dialect.MayBeOld, dialect.IsVersion5));
        dialect.HungUp(s_atOnce);
        Assert.Equal((true, false), (dialect.MayBeOld, dialect.IsVersion5));
        dialect.HungUp(s_atOnce);
        Assert.False(dialect.MayBeOld);
        var fixedVersion = new BrokerDialect(MqttVersion.V5);
        fixedVersion.HungUp(s_atOnce);
        Assert.False(fixedVersion.MayBeOld);
    }

    [Fact]
    public void A_refused_will_is_made_smaller_once_and_each_limit_alone()
    {
        var dialect = new BrokerDialect(MqttVersion.V5);
        Assert.True(dialect.Refused(MqttClientConnectResultCode.RetainNotSupported, null));
        Assert.Equal((false, true), (dialect.RetainsWill, dialect.AcknowledgesWill));
        Assert.False(dialect.Refused(MqttClientConnectResultCode.RetainNotSupported, null));
        Assert.True(dialect.Refused(MqttClientConnectResultCode.QoSNotSupported, null));
        Assert.False(dialect.AcknowledgesWill);
        Assert.True(dialect.IsVersion5);
    }

    [Theory]
    [InlineData(MqttVersion.Auto, MqttClientConnectResultCode.UnsupportedProtocolVersion, null, true)]
    [InlineData(MqttVersion.Auto, (MqttClientConnectResultCode)1, (byte)1, true)]
    [InlineData(MqttVersion.Auto, (MqttClientConnectResultCode)5, (byte)5, true)]
    [InlineData(MqttVersion.Auto, MqttClientConnectResultCode.NotAuthorized, null, false)]
    [InlineData(MqttVersion.V5, MqttClientConnectResultCode.UnsupportedProtocolVersion, null, false)]
    [InlineData(MqttVersion.V5, (MqttClientConnectResultCode)1, (byte)1, false)]
    internal void An_old_broker_is_asked_in_its_version_only_where_that_is_left_open(
        MqttVersion wanted,
        MqttClientConnectResultCode code,
        byte? oldCode,
        bool isAsked
    )
    {
        var dialect = new BrokerDialect(wanted);
        Assert.Equal(isAsked, dialect.Refused(code, oldCode));
        Assert.Equal(!isAsked, dialect.IsVersion5);
    }

    [Fact]
    public void Hanging_up_twice_brings_the_next_way_and_all_of_them_in_turn()
    {
        var dialect = new BrokerDialect(MqttVersion.Auto);
        List<(bool, bool)> ways = [];
        for (var way = 0; way < 4; way++)
        {
            ways.Add((dialect.IsVersion5, dialect.RetainsWill));
            dialect.HungUp(s_atOnce);
            Assert.Equal(ways[^1], (dialect.IsVersion5, dialect.RetainsWill)); // once may be chance
            dialect.HungUp(s_atOnce);
        }

        Assert.Equal([(true, true), (false, true), (false, false), (true, true)], ways);
    }

    [Fact]
    public void What_was_only_guessed_is_forgotten_with_the_connection_and_what_was_said_is_not()
    {
        var guessed = new BrokerDialect(MqttVersion.Auto);
        guessed.HungUp(s_atOnce);
        guessed.HungUp(s_atOnce);
        guessed.Accepted();
        Assert.False(guessed.IsVersion5);
        guessed.Ended();
        Assert.True(guessed.IsVersion5);

        var told = new BrokerDialect(MqttVersion.Auto);
        told.Refused((MqttClientConnectResultCode)1, 1);
        told.Accepted();
        told.Ended();
        Assert.False(told.IsVersion5);
    }

    [Theory]
    [InlineData(MqttVersion.Auto)]
    [InlineData(MqttVersion.V311)]
    internal void A_broker_that_took_the_whole_will_is_never_guessed_to_retain_nothing(MqttVersion wanted)
    {
        var dialect = new BrokerDialect(wanted);
        dialect.Accepted();
        dialect.Ended();
        for (var i = 0; i < 12; i++)
        {
            dialect.HungUp(s_atOnce);
            Assert.True(dialect.RetainsWill);
        }
    }

    [Fact]
    public void Hanging_up_late_says_nothing_about_the_will()
    {
        var dialect = new BrokerDialect(MqttVersion.V311);
        for (var i = 0; i < 12; i++)
            dialect.HungUp(TimeSpan.FromSeconds(1));
        Assert.True(dialect.RetainsWill);
    }
}
