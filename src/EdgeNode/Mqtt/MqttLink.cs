using FaceLandmark.Diagnostics;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Mqtt;

/// <summary>
/// The connection to the broker, kept up for ever. Retained state (<see cref="SetState"/>) is remembered and sent again on every connect,
/// <c>status: online</c> last; transient messages (<see cref="TryEnqueue"/>) wait in bounded queues while online and are dropped and
/// counted otherwise. No call waits for the broker. Thread-safe.
/// </summary>
internal sealed partial class MqttLink : IAsyncDisposable
{
    private readonly BrokerSettings _broker;
    private readonly NodeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<MqttLink> _logger;
    private readonly List<Subscription> _subscriptions = [];
    private readonly LinkPhase _phase = new();
    private readonly LinkStop _stop;
    private readonly LinkContext _context;
    private readonly BrokerDialect _dialect;
    private volatile LinkSession? _session;
    private Task _loop = Task.CompletedTask;
    private long _outageSince;
    private LinkFault? _outage;
    private readonly HashSet<LinkFault> _told = [];
    private long _maxPacketBytes = PacketSize.ProtocolLimit;

    /// <summary>Prepares the link; <see cref="Start"/> begins to connect.</summary>
    /// <param name="broker">Whom it connects to, as whom.</param>
    /// <param name="metrics">Where messages and drops are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Logs each outage once.</param>
    /// <param name="outbox">Where messages of <see cref="Deliver"/> wait; stays the caller's. Null: nowhere.</param>
    internal MqttLink(BrokerSettings broker, NodeMetrics metrics, TimeProvider time, ILogger<MqttLink> logger, Outbox? outbox = null)
    {
        (_broker, _metrics, _time, _logger) = (broker, metrics, time, logger);
        _stop = new LinkStop(time);
        _dialect = new BrokerDialect(broker.Version);
        var waker = new Waker();
        var queue = new SendQueue(broker.QueueLength, message => _context!.Load.Drop(message, DropReason.QueueFull));
        var load = new LinkLoad(new RetainedState(), queue, outbox, metrics);
        _context = new LinkContext(broker, load, new LearnedLimits(time), _stop, new LinkWords(broker, time, logger), waker, time);
        if (outbox is not null)
            outbox.Stored = waker.Wake;
        Subscribe(broker.StatusTopic, WatchOwnStatus);
        metrics.WatchQueue("mqtt", () => queue.Count);
    }

    /// <summary>Where the connection stands.</summary>
    public LinkState State => _phase.State;

    /// <summary>Bytes the largest packet may have that the broker accepts; without a limit of its own, MQTT's.</summary>
    public long MaxPacketBytes => Volatile.Read(ref _maxPacketBytes);

    /// <summary>Whether MQTT 5 is spoken, as far as is known.</summary>
    internal bool IsVersion5 => _dialect.IsVersion5;

    /// <summary>Begins to connect; does not wait for it.</summary>
    public void Start()
    {
        _outageSince = _time.GetTimestamp();
        _loop = Task.Run(KeepConnectedAsync);
    }

    /// <summary>Completes when the link is online.</summary>
    public Task WaitUntilOnlineAsync(CancellationToken cancellationToken) => _phase.Online.WaitAsync(cancellationToken);

    /// <summary>Sends what waits, says <c>stopped</c> and disconnects. What is not sent by the deadline is dropped and counted.</summary>
    public async Task StopAsync(TimeSpan deadline)
    {
        _phase.MoveTo(LinkState.Draining);
        await _stop.BeginAsync(deadline, _context.Waker.Wake);
        await _loop;
    }

    /// <summary>
    /// The new payload of a retained topic: sent as soon as there is a connection, and again with every new one. The array is the link's
    /// from now on.
    /// </summary>
    public void SetState(string topic, byte[] payload)
    {
        _context.Load.State.Set(topic, payload);
        _context.Waker.Wake();
    }

    /// <summary>The latest payload of a retained topic; null when it has none.</summary>
    internal byte[]? StateOf(string topic) => _context.Load.State.Latest(topic);

    /// <summary>Listens to a topic from the next connection on; call it before <see cref="Start"/>.</summary>
    /// <param name="filter">Topic filter.</param>
    /// <param name="handle">Called for each message, on a thread of the client's; must not wait.</param>
    /// <param name="seesRetainFlag">Whether a message that comes live shows that its sender wants it retained (MQTT 5).</param>
    /// <param name="plain">The topics meant, for brokers that allow no wildcards; needed where the filter has one.</param>
    public void Subscribe(string filter, Action<InboundMessage> handle, bool seesRetainFlag = false, IEnumerable<string>? plain = null) =>
        _subscriptions.Add(
            // Within a connection nothing is lost at 0. For 1 NATS first agrees with its cluster, and what the node says waits behind that.
            new Subscription(filter, handle, seesRetainFlag, [.. plain ?? []], Qos: 0)
        );

    /// <summary>
    /// Hands a message over that is to arrive, at least once and in order: through the outbox where there is one, otherwise as <see
    /// cref="TryEnqueue"/> does with quality of service 1. The payload is copied. Never blocks.
    /// </summary>
    /// <returns>False when it was dropped.</returns>
    public bool Deliver(in MqttMessage message)
    {
        if (_context.Load.Outbox is not { } outbox)
            return TryEnqueue(message with { Qos = 1 });
        outbox.Add(message);
        return true;
    }

    /// <summary>Hands a message over; the payload is copied. Never blocks.</summary>
    /// <returns>False when it was dropped: not online, or larger than the broker accepts.</returns>
    public bool TryEnqueue(in MqttMessage message)
    {
        if (State != LinkState.Online)
            return Dropped(message, State == LinkState.Draining ? DropReason.Stopping : DropReason.Offline);
        if (message.Bytes > MaxPacketBytes)
            return Dropped(message, DropReason.TooLarge);
        if (!_context.Load.Queue.TryAdd(message))
            return Dropped(message, _context.ReasonOfLoss);
        _context.Waker.Wake();
        return true;
    }

    /// <summary>Stops at once when <see cref="StopAsync"/> was not called: the broker then publishes the last will.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.BreakOffAsync(_context.Waker.Wake);
        await _loop;
        _stop.Dispose();
    }

    private bool Dropped(in MqttMessage message, DropReason reason)
    {
        _metrics.Dropped(message.Class.DropPlace(), reason);
        message.Lost?.Invoke();
        return false;
    }
}
