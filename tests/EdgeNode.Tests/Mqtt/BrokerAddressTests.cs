using FaceLandmark.Mqtt;
using FaceLandmark.Platform;
using FaceLandmark.Tests.Publish;

namespace FaceLandmark.Tests.Mqtt;

public sealed class BrokerAddressTests
{
    [Theory]
    [InlineData("")]
    [InlineData("broker.lan")]
    [InlineData("broker_1")]
    [InlineData("192.168.1.10")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%2")]
    [InlineData("bücher.example")]
    public void Names_and_addresses_are_taken(string host) => Assert.Null(BrokerAddress.Advice(host));

    [Theory]
    [InlineData("broker.lan:1884", "holds a port", "set Mqtt:Host=broker.lan, Mqtt:Port=1884.")]
    [InlineData("[::1]:1884", "holds a port", "set Mqtt:Host=::1, Mqtt:Port=1884.")]
    [InlineData("mqtt://broker.lan", "is a URL", "set Mqtt:Host=broker.lan.")]
    [InlineData(
        "mqtts://user:s3cret@broker.lan:8883",
        "is a URL",
        "set Mqtt:Host=broker.lan, Mqtt:Port=8883, Mqtt:Tls:Enabled=true, the account as Mqtt:User and Mqtt:PasswordFile."
    )]
    [InlineData("mqtt://user:s3cret@x/@broker.lan:1883", "is a URL", "set Mqtt:Host=broker.lan, Mqtt:Port=1883, the account as")]
    [InlineData("user:s3cret@broker.lan", "holds an account", "set Mqtt:Host=broker.lan, the account as")]
    [InlineData(
        "wss://broker.lan/ws",
        "is a URL",
        "set Mqtt:Host=broker.lan, Mqtt:Tls:Enabled=true, Mqtt:Transport=web-socket with Mqtt:WebSocketPath=/ws."
    )]
    [InlineData("ws://broker.lan/ws?token=s3cret", "is a URL", "Mqtt:Transport=web-socket with Mqtt:WebSocketPath.")]
    [InlineData("broker.lan/mqtt", "holds a path", "set Mqtt:Host=broker.lan.")]
    public void Anything_else_is_a_sentence_that_says_what_to_set_without_the_password(string host, string what, string advice)
    {
        var sentence = BrokerAddress.Advice(host)!;
        Assert.StartsWith($"Mqtt:Host {what}, but must be the name or address of the broker alone: ", sentence, StringComparison.Ordinal);
        Assert.Contains(advice, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bro ker")]
    [InlineData("a:b:c")]
    public void What_is_nothing_at_all_is_refused(string host) =>
        Assert.Equal("Mqtt:Host must be the name or address of the broker.", BrokerAddress.Advice(host));

    [Theory]
    [InlineData("", "")]
    [InlineData("broker2.lan", "broker2.lan 1883")]
    [InlineData("broker2.lan:1884, 192.168.1.3", "broker2.lan 1884|192.168.1.3 1883")]
    [InlineData("[::1]:1885,fe80::2,[fe80::3]", "::1 1885|fe80::2 1883|fe80::3 1883")]
    public void Several_addresses_may_have_ports(string text, string places) =>
        Assert.Equal(places, string.Join('|', BrokerAddress.List(text, 1883)!.Select(place => $"{place.Host} {place.Port}")));

    [Theory]
    [InlineData("broker2.lan:")]
    [InlineData("broker2.lan:0")]
    [InlineData("broker2.lan:65536")]
    [InlineData("broker2.lan:mqtt")]
    [InlineData(":1883")]
    [InlineData("a b")]
    [InlineData("mqtt://broker2.lan")]
    [InlineData("user:s3cret@broker2.lan")]
    [InlineData("broker2.lan/mqtt")]
    public void What_is_no_address_spoils_the_list(string text) => Assert.Null(BrokerAddress.List($"broker1.lan,{text}", 1883));

    [Fact]
    public void The_addresses_have_their_turn_one_after_the_other()
    {
        var options = new MqttOptions { Host = "a", Port = 1884, Failover = "b:1885,c" };
        var broker = new BrokerSettings(options, Samples.Topics(), "s1");
        List<string> seen = [];
        for (var i = 0; i < 4; i++)
        {
            seen.Add($"{broker.Address} {broker.IsFirst}");
            broker.MoveOn();
        }

        Assert.Equal(["a:1884 True", "b:1885 False", "c:1884 False", "a:1884 True"], seen);
    }

    [Theory]
    [InlineData("/mqtt", "ws://broker.lan:1883/mqtt")]
    [InlineData("/mqtt?token=a&b=c", "ws://broker.lan:1883/mqtt?token=a&b=c")]
    [InlineData("/a b?x=%20", "ws://broker.lan:1883/a%20b?x=%20")]
    public void The_path_of_a_WebSocket_may_have_a_query_which_is_not_shown(string path, string address)
    {
        var options = new MqttOptions { Host = "broker.lan", WebSocketPath = path };
        Assert.Equal(address, new BrokerSettings(options, Samples.Topics(), "s1").WebSocketAddress);
        Assert.DoesNotContain("token=a", PublicText.WithoutSecrets(path), StringComparison.Ordinal);
    }
}
