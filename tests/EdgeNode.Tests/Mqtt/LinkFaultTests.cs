using System.Net.Sockets;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Publish;
using MQTTnet;

namespace FaceLandmark.Tests.Mqtt;

/// <summary>Every reason is a sentence with a remedy. The common ones are seen with real brokers in the integration tests.</summary>
public sealed class LinkFaultTests
{
    private static readonly BrokerSettings s_broker = new(
        new MqttOptions
        {
            Host = "broker.lan",
            User = "node",
            Password = "s3cret",
        },
        Samples.Topics(),
        "s1"
    );

    [Theory]
    [InlineData(SocketError.HostNotFound, "The broker's name 'broker.lan' cannot be resolved: check Mqtt:Host and the network.")]
    [InlineData(SocketError.TryAgain, "The broker's name 'broker.lan' cannot be resolved: check Mqtt:Host and the network.")]
    [InlineData(SocketError.ConnectionRefused, "Nothing listens on broker.lan:1883: start the broker, or check Mqtt:Host and Mqtt:Port.")]
    [InlineData(SocketError.TimedOut, "The broker broker.lan:1883 does not answer: check Mqtt:Host, Mqtt:Port and the network.")]
    [InlineData(
        SocketError.NetworkUnreachable,
        "The broker broker.lan:1883 is unreachable (NetworkUnreachable): check Mqtt:Host, Mqtt:Port and the network."
    )]
    public void Network_errors(SocketError error, string sentence) =>
        Assert.Equal(
            new LinkFault(sentence),
            LinkFault.OfFailure(new InvalidOperationException("outer", new SocketException((int)error)), s_broker)
        );

    [Fact]
    public void No_answer_in_time() =>
        Assert.Equal(
            "The broker broker.lan:1883 does not answer: check Mqtt:Host, Mqtt:Port and the network.",
            LinkFault.OfFailure(new OperationCanceledException(), s_broker).Sentence
        );

    [Fact]
    public void Something_else_listens() =>
        Assert.Equal(
            "The connection to broker.lan:1883 failed (Received malformed packet.): check that an MQTT broker listens there.",
            LinkFault.OfFailure(new InvalidOperationException("Received malformed packet."), s_broker).Sentence
        );

    [Theory]
    [InlineData(MqttClientConnectResultCode.BadUserNameOrPassword)] // RabbitMQ
    [InlineData(MqttClientConnectResultCode.NotAuthorized)]
    public void Where_none_is_set_a_user_name_is_asked_for(MqttClientConnectResultCode code)
    {
        var broker = new BrokerSettings(new MqttOptions { Host = "broker.lan" }, Samples.Topics(), "s1");
        Assert.Equal(
            "The broker broker.lan:1883 requires a user name: set Mqtt:User and Mqtt:Password or Mqtt:PasswordFile.",
            LinkFault.OfRefusal(code, null, broker).Sentence
        );
    }

    [Fact]
    public void A_name_that_some_brokers_do_not_take_is_suspected()
    {
        var broker = new BrokerSettings(
            new MqttOptions { Host = "broker.lan" },
            new MqttTopics("facelandmark", "node.example", ["cam0"]),
            "s1"
        );
        Assert.EndsWith(
            "; some, as NATS, take no dot and no space in 'facelandmark/node.example': set Node:Name and Mqtt:BaseTopic without them.",
            LinkFault.OfFailure(new IOException("Closed."), broker).Sentence,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        MqttClientConnectResultCode.BadUserNameOrPassword,
        "refuses the user name or password of 'node': check Mqtt:User and Mqtt:Password or Mqtt:PasswordFile."
    )]
    [InlineData(
        MqttClientConnectResultCode.NotAuthorized,
        "refuses the user name or password of 'node', or does not authorise it: check Mqtt:User, Mqtt:Password or Mqtt:PasswordFile,"
    )]
    [InlineData(
        MqttClientConnectResultCode.ClientIdentifierNotValid,
        "rejects the client identifier 'facelandmark-node7': set Mqtt:ClientId to one it accepts."
    )]
    [InlineData(MqttClientConnectResultCode.UnsupportedProtocolVersion, "does not speak MQTT 5: set Mqtt:Version to auto or v311.")]
    [InlineData((MqttClientConnectResultCode)1, "does not speak MQTT 5: set Mqtt:Version to auto or v311.")]
    [InlineData((MqttClientConnectResultCode)2, "rejects the client identifier 'facelandmark-node7': set Mqtt:ClientId to one it accepts.")]
    [InlineData((MqttClientConnectResultCode)3, "refuses the connection (ServerUnavailable, too many): look into its log.")]
    [InlineData((MqttClientConnectResultCode)4, "refuses the user name or password of 'node': check")]
    [InlineData((MqttClientConnectResultCode)5, "refuses the user name or password of 'node', or does not authorise it: check")]
    [InlineData(MqttClientConnectResultCode.ServerBusy, "refuses the connection (ServerBusy, too many): look into its log.")]
    public void Refusals(MqttClientConnectResultCode code, string end)
    {
        var fault = LinkFault.OfRefusal(code, "too many", s_broker);
        Assert.StartsWith("The broker broker.lan:1883 " + end, fault.Sentence, StringComparison.Ordinal);
        Assert.True(fault.IsRefusal);
        Assert.DoesNotContain("s3cret", fault.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other.lan:1884", "'other.lan:1884'")]
    [InlineData(null, "another one, without naming it")]
    public void A_redirect_names_the_other_broker(string? other, string named) =>
        Assert.Equal(
            $"The broker broker.lan:1883 sends its clients to {named}: set Mqtt:Host and Mqtt:Port to that one if you trust it.",
            LinkFault.OfRefusal(MqttClientConnectResultCode.UseAnotherServer, null, s_broker, otherBroker: other).Sentence
        );

    [Fact]
    public void The_usual_port_of_tls_without_tls_is_pointed_out()
    {
        var broker = new BrokerSettings(new MqttOptions { Host = "broker.lan", Port = 8883 }, Samples.Topics(), "s1");
        Assert.Equal(
            "The connection to broker.lan:8883 failed (closed): port 8883 is usually the one with TLS, so set Mqtt:Tls:Enabled to true.",
            LinkFault.OfFailure(new InvalidOperationException("closed"), broker).Sentence
        );
    }

    [Theory]
    [InlineData(MqttClientDisconnectReason.ServerShuttingDown, false, "The broker broker.lan:1883 shut down.")]
    [InlineData(MqttClientDisconnectReason.UnspecifiedError, false, "The connection to the broker broker.lan:1883 was lost.")]
    [InlineData(MqttClientDisconnectReason.SessionTakenOver, true, "Another client with the identifier 'facelandmark-node7' connected")]
    [InlineData(
        MqttClientDisconnectReason.AdministrativeAction,
        false,
        "The broker broker.lan:1883 ended the connection (AdministrativeAction, bye): look into its log."
    )]
    public void Losses(MqttClientDisconnectReason reason, bool isTakeOver, string start)
    {
        var fault = LinkFault.OfLoss(new MqttClientDisconnectedEventArgs(true, null, reason, "bye", null, null), s_broker);
        Assert.StartsWith(start, fault.Sentence, StringComparison.Ordinal);
        Assert.Equal(isTakeOver, fault.IsTakeOver);
    }
}
