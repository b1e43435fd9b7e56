using System.Text;
using System.Threading.Channels;
using FaceLandmark.Mqtt;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>The other side at a broker of any kind: it speaks whichever version of MQTT the broker does.</summary>
internal sealed class Witness : IAsyncDisposable
{
    private readonly Channel<InboundMessage> _received = Channel.CreateUnbounded<InboundMessage>();
    private readonly BrokerVisit _visit;
    private LinkConnection? _connection;

    private Witness(int port) => _visit = new BrokerVisit(new MqttOptions { Port = port }, "witness", TimeProvider.System);

    /// <summary>Listens; tries until the broker takes it.</summary>
    public static async Task<Witness> StartAsync(int port, params string[] filters)
    {
        var witness = new Witness(port);
        Subscription[] subscriptions =
        [
            .. filters.Select(filter => new Subscription(filter, message => witness._received.Writer.TryWrite(message), false, [])),
        ];
        using var limit = Patience.NewLimit();
        while ((witness._connection = (await witness._visit.TryConnectAsync(subscriptions, limit.Token)).Connection) is null)
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
        return witness;
    }

    /// <summary>The next message that is as asked for: whether it was retained, its topic and its text.</summary>
    public async Task<string> UntilAsync(Func<string, bool> isIt)
    {
        while (true)
        {
            var message = await _received.Reader.ReadAsync().InTimeAsync();
            var text = $"{(message.Retained ? 1 : 0)} {message.Topic} {Encoding.UTF8.GetString(message.Payload.Span)}";
            if (isIt(text))
                return text;
        }
    }

    public async Task PublishAsync(string topic, string text)
    {
        var message = new MqttMessage(topic, Encoding.UTF8.GetBytes(text), MessageClass.Report) { Qos = 1 };
        await _connection!.Sender.SendAsync(message, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _connection!.DisconnectAsync(TestContext.Current.CancellationToken);
        }
        catch (Exception gone) when (gone is MQTTnet.Exceptions.MqttCommunicationException or OperationCanceledException)
        {
            // The broker is gone.
        }

        _connection!.Dispose();
        _visit.Dispose();
    }
}
