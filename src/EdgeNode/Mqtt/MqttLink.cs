using System.Threading.Channels;
using FaceLandmark.Diagnostics;
using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;

namespace FaceLandmark.Mqtt;

/// <summary>
/// The connection to the broker, kept up for ever. Retained state (<see cref="SetState"/>) is remembered and sent again on every
/// connect, <c>status: online</c> last; transient messages (<see cref="TryEnqueue"/>) wait in a bounded queue while online and
/// are dropped and counted otherwise. No call waits for the broker. Thread-safe.
/// </summary>
public sealed partial class MqttLink : IAsyncDisposable
{
    private readonly MqttOptions _options;
    private readonly MqttTopics _topics;
    private readonly BrokerSettings _broker;
    private readonly NodeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<MqttLink> _logger;
    private readonly List<Subscription> _subscriptions = [];
    private readonly Outbox? _outbox;
    private readonly RetainedState _retained = new();
    private readonly Channel<OutboundMessage> _queue;

    // Holds at most one token: "look again", for new state, a new message, a lost connection or the stop.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort;
    private TaskCompletionSource _online = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _loop = Task.CompletedTask;
    private int _state;
    private int _statusDoubted;
    private volatile bool _drainIsOver;
    private long _outageSince;
    private LinkFault? _outage;

    /// <summary>Prepares the link; <see cref="StartAsync"/> begins to connect.</summary>
    /// <param name="options">The broker; without a host it is the embedded one at <see cref="MqttOptions.Port"/> of loopback.</param>
    /// <param name="topics">The node's topics.</param>
    /// <param name="session">Identifies this start of the node; goes with every status.</param>
    /// <param name="metrics">Where messages and drops are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where outages are told, once each.</param>
    /// <param name="outbox">Where messages of <see cref="Deliver"/> wait; stays the caller's. Null: nowhere.</param>
    public MqttLink(MqttOptions options, MqttTopics topics, string session, NodeMetrics metrics, TimeProvider time, ILogger<MqttLink> logger, Outbox? outbox = null)
    {
        _options = options;
        _topics = topics;
        _broker = new BrokerSettings(options, topics, session);
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _queue = Channel.CreateBounded<OutboundMessage>(
            new BoundedChannelOptions(options.QueueLength) { FullMode = BoundedChannelFullMode.DropOldest }, message => Drop(message, DropReason.QueueFull));
        _outbox = outbox;
        if (outbox is not null)
            outbox.Stored = Wake;
        _subscriptions.Add(new Subscription(topics.Status, WatchOwnStatus, false));
        metrics.WatchQueue("mqtt", () => _queue.Reader.Count);
    }

    /// <summary>Where the connection stands.</summary>
    public LinkState State => (LinkState)Volatile.Read(ref _state);

    /// <summary>Bytes the largest packet may have that the broker accepts; without a limit of its own, MQTT's.</summary>
    public long MaxPacketBytes { get; private set; } = PacketSize.ProtocolLimit;

    /// <summary>Begins to connect; does not wait for it.</summary>
    public Task StartAsync()
    {
        _outageSince = _time.GetTimestamp();
        _loop = Task.Run(KeepConnectedAsync);
        return Task.CompletedTask;
    }

    /// <summary>Completes when the link is online.</summary>
    public Task WaitUntilOnlineAsync(CancellationToken cancellationToken) => Volatile.Read(ref _online).Task.WaitAsync(cancellationToken);

    /// <summary>Sends what waits, says <c>stopped</c> and disconnects. What is not sent by the deadline is dropped and counted.</summary>
    public async Task StopAsync(TimeSpan deadline)
    {
        Interlocked.CompareExchange(ref _state, (int)LinkState.Draining, (int)LinkState.Online);
        await _stop.CancelAsync();
        Wake();
        _abort.CancelAfter(deadline);

        // What is on disk can wait for the next start; the goodbye can't.
        await using var drain = _time.CreateTimer(_ => _drainIsOver = true, null, deadline / 2, Timeout.InfiniteTimeSpan);
        await _loop;
    }

    /// <summary>The new payload of a retained topic: sent as soon as there is a connection, and again with every new one. The array is the link's from now on.</summary>
    public void SetState(string topic, byte[] payload)
    {
        _retained.Set(topic, payload);
        Wake();
    }

    /// <summary>The latest payload of a retained topic; null when it has none.</summary>
    internal byte[]? StateOf(string topic) => _retained.Latest(topic);

    /// <summary>Listens to a topic from the next connection on; call it before <see cref="StartAsync"/>.</summary>
    /// <param name="filter">Topic filter.</param>
    /// <param name="handle">Called for each message, on a thread of the client's; must not wait.</param>
    /// <param name="seesRetainFlag">Whether a message that comes live shows that its sender wants it retained (MQTT 5).</param>
    public void Subscribe(string filter, Action<InboundMessage> handle, bool seesRetainFlag = false) => _subscriptions.Add(new Subscription(filter, handle, seesRetainFlag));

    /// <summary>
    /// Hands a message over that is to arrive, at least once and in order: through the outbox where there is one, otherwise as
    /// <see cref="TryEnqueue"/> does with quality of service 1. The payload is copied. Never blocks.
    /// </summary>
    /// <returns>False when it was dropped.</returns>
    public bool Deliver(string topic, ReadOnlySpan<byte> payload, string contentType, string dropPlace = DropReason.Publish)
    {
        if (_outbox is null)
            return TryEnqueue(topic, payload, 1, contentType, dropPlace: dropPlace);
        _outbox.Add(topic, payload, contentType);
        return true;
    }

    /// <summary>Hands a message over; the payload is copied. Never blocks.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="payload">What.</param>
    /// <param name="qos">Quality of service: 0 or 1.</param>
    /// <param name="contentType">MQTT 5 content type.</param>
    /// <param name="sequence">Sent as MQTT 5 user property <c>seq</c>.</param>
    /// <param name="dropPlace">Where a drop is counted; see <see cref="DropReason"/>.</param>
    /// <param name="correlation">MQTT 5 correlation data.</param>
    /// <param name="sent">Called when the broker connection has taken it; on the link's thread, must not wait.</param>
    /// <returns>False when it was dropped: not online, or larger than the broker accepts.</returns>
    public bool TryEnqueue(
        string topic, ReadOnlySpan<byte> payload, int qos, string? contentType = null, long? sequence = null, string dropPlace = DropReason.Publish, byte[]? correlation = null, Action? sent = null)
    {
        var state = State;
        if (state != LinkState.Online)
        {
            _metrics.Dropped(dropPlace, state == LinkState.Draining ? DropReason.Stopping : DropReason.Offline);
            return false;
        }

        if (PacketSize.AtMost(topic, payload.Length, contentType) + (correlation?.Length ?? 0) > MaxPacketBytes)
        {
            _metrics.Dropped(dropPlace, DropReason.TooLarge);
            return false;
        }

        _queue.Writer.TryWrite(OutboundMessage.Copy(topic, payload, (MqttQualityOfServiceLevel)qos, contentType, sequence, dropPlace, correlation, sent));
        Wake();
        return true;
    }

    /// <summary>Stops at once when <see cref="StopAsync"/> was not called: the broker then publishes the last will.</summary>
    public async ValueTask DisposeAsync()
    {
        await _abort.CancelAsync();
        await _stop.CancelAsync();
        Wake();
        await _loop;
        _stop.Dispose();
        _abort.Dispose();
    }

    private void Drop(OutboundMessage message, string reason)
    {
        message.Return();
        _metrics.Dropped(message.DropPlace, reason);
    }
}
