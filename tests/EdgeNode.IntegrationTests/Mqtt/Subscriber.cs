using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>The other side: receives everything below a topic and hands it out in order.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();

    private readonly string _filter;

    private Subscriber(string filter) => _filter = filter;

    /// <summary>At a broker of this machine, in the newest version of MQTT that the chosen broker speaks.</summary>
    public static Task<Subscriber> StartAsync(int port, params string[] filters) =>
        StartAsync(options => options.WithTcpServer("127.0.0.1", port), filters);

    /// <summary>Through a live page, as that page would.</summary>
    public static Task<Subscriber> StartAsync(Uri page, params string[] filters) =>
        StartAsync(
            options =>
                options.WithWebSocketServer(server =>
                    server
                        .WithUri(
                            new UriBuilder(page) { Scheme = "ws", Path = "mqtt" }
                                .Uri
                                .AbsoluteUri
                        )
                        .WithRequestHeaders(new Dictionary<string, string> { ["Origin"] = page.GetLeftPart(UriPartial.Authority) })
                ),
            filters
        );

    private static async Task<Subscriber> StartAsync(Func<MqttClientOptionsBuilder, MqttClientOptionsBuilder> to, string[] filters)
    {
        filters = filters.Length > 0 ? filters : ["facelandmark/#"];
        var subscriber = new Subscriber(string.Join(", ", filters));
        subscriber._client.ApplicationMessageReceivedAsync += args =>
        {
            var message = args.ApplicationMessage;
            subscriber._received.Writer.TryWrite(
                new Received(
                    message.Topic,
                    message.Payload.ToArray(),
                    message.Retain,
                    message.ContentType,
                    (message.UserProperties ?? []).ToDictionary(property => property.Name, property => property.ReadValueAsString())
                )
            );
            return Task.CompletedTask;
        };
        var options = to(new MqttClientOptionsBuilder())
            .WithProtocolVersion(ChosenBroker.SpeaksMqtt5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311)
            .WithTimeout(Patience.Limit)
            // A ping that meets a broker which has just closed throws away what is still on its way from there.
            .WithKeepAlivePeriod(2 * Patience.Limit);
        await subscriber._client.ConnectAsync(options.Build());
        var wanted = new MqttClientSubscribeOptionsBuilder();
        foreach (var filter in filters)
            wanted.WithTopicFilter(filter, MqttQualityOfServiceLevel.AtLeastOnce);
        await subscriber._client.SubscribeAsync(wanted.Build());
        return subscriber;
    }

    /// <summary>The next message.</summary>
    public async Task<Received> NextAsync() => await _received.Reader.ReadAsync().InTimeAsync($"a message on {_filter}");

    /// <summary>All messages up to the first that is as asked for; others may keep coming, but not for ever.</summary>
    public async Task<List<Received>> UntilAsync(Func<Received, bool> last, [CallerArgumentExpression(nameof(last))] string what = "")
    {
        using var limit = Patience.NewLimit();
        List<Received> all = [];
        try
        {
            do all.Add(await _received.Reader.ReadAsync(limit.Token));
            while (!last(all[^1]));
            return all;
        }
        catch (OperationCanceledException)
        {
            var topics = all.CountBy(message => message.Topic).Select(topic => $"{topic.Value} on {topic.Key}");
            throw new TimeoutException($"On {_filter} no message was as asked for ({what}); there were {string.Join(", ", topics)}.");
        }
    }

    public async Task PublishAsync(string topic, string text, int qos = 0) =>
        await _client.PublishStringAsync(topic, text, (MqttQualityOfServiceLevel)qos);

    public async Task PublishAsync(MqttApplicationMessage message) => await _client.PublishAsync(message);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _client.DisconnectAsync();
        }
        catch (MqttCommunicationException)
        {
            // The broker that a test has stopped closes the connection while the goodbye is on its way.
        }

        _client.Dispose();
    }

    internal sealed record Received(string Topic, byte[] Payload, bool Retained, string? ContentType, Dictionary<string, string> Properties)
    {
        public string Text => Encoding.UTF8.GetString(Payload);
    }
}
