using System.Buffers;
using System.Text;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Packets;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>The other side: receives everything below a topic and hands it out in order.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();

    public static async Task<Subscriber> StartAsync(int port, string filter = "facelandmark/#")
    {
        var subscriber = new Subscriber();
        subscriber._client.ApplicationMessageReceivedAsync += args =>
        {
            var message = args.ApplicationMessage;
            subscriber._received.Writer.TryWrite(new Received(
                message.Topic, message.Payload.ToArray(), message.Retain, message.ContentType,
                (message.UserProperties ?? []).ToDictionary(property => property.Name, property => property.ReadValueAsString())));
            return Task.CompletedTask;
        };
        await subscriber._client.ConnectAsync(OptionsFor(port));
        await subscriber._client.SubscribeAsync(filter, MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce);
        return subscriber;
    }

    /// <summary>The next message.</summary>
    public async Task<Received> NextAsync() => await _received.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

    /// <summary>All messages up to the first that ends so; others may keep coming, but not for ever.</summary>
    public async Task<List<Received>> UntilAsync(Func<Received, bool> last)
    {
        using var limit = new CancellationTokenSource(2 * s_patience);
        List<Received> all = [];
        do
            all.Add(await _received.Reader.ReadAsync(limit.Token));
        while (!last(all[^1]));
        return all;
    }

    public async Task PublishAsync(string topic, string text) => await _client.PublishStringAsync(topic, text);

    public async Task PublishAsync(MqttApplicationMessage message) => await _client.PublishAsync(message);

    public async ValueTask DisposeAsync()
    {
        await _client.DisconnectAsync();
        _client.Dispose();
    }

    private static MqttClientOptions OptionsFor(int port) =>
        new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500).Build();

    internal sealed record Received(string Topic, byte[] Payload, bool Retained, string? ContentType, Dictionary<string, string> Properties)
    {
        public string Text => Encoding.UTF8.GetString(Payload);
    }
}
