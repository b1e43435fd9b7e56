using System.Threading.Channels;
using FaceLandmark.Diagnostics;
using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;

namespace FaceLandmark.Publish;

/// <summary>
/// The connection to the broker, kept up for ever. Retained state (<see cref="SetState"/>) is remembered and sent again on every
/// connect, <c>status: online</c> last; transient messages (<see cref="TryEnqueue"/>) wait in a bounded queue while online and
/// are dropped and counted otherwise. No call waits for the broker. Thread-safe.
/// </summary>
public sealed class MqttLink : IAsyncDisposable
{
    // Mosquitto 2.0.11 (Debian 12) does not tell a client that another took its place: it just closes.
    private const int SuspiciousInARow = 3;

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
        _subscriptions.Add(new Subscription(topics.Status, WatchOwnStatus));
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

    /// <summary>Listens to a topic from the next connection on; call it before <see cref="StartAsync"/>.</summary>
    /// <param name="filter">Topic filter.</param>
    /// <param name="handle">Called for each message, on a thread of the client's; must not wait.</param>
    public void Subscribe(string filter, Action<InboundMessage> handle) => _subscriptions.Add(new Subscription(filter, handle));

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

    private async Task KeepConnectedAsync()
    {
        var brief = 0;
        for (var attempt = 0; ; attempt++)
        {
            var (fault, onlineFor) = await ConnectAndServeAsync();
            if (fault is null || _stop.IsCancellationRequested)
                return;
            if (onlineFor > TimeSpan.Zero)
                brief = onlineFor < _options.ReconnectAfterAtMost ? brief + 1 : 0;
            if (brief >= SuspiciousInARow && !fault.IsRefusal && !fault.IsTakeOver)
                fault = LinkFault.OfBriefConnections(brief, _broker);

            // Twins that throw each other out must not do so in a fast loop.
            if (onlineFor > TimeSpan.Zero && !fault.IsTakeOver)
                attempt = 0;
            var pause = ReconnectPause.Of(attempt, _options.ReconnectAfter, _options.ReconnectAfterAtMost, Random.Shared.NextDouble());
            Tell(fault, pause);
            try
            {
                await Task.Delay(pause, _time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>One connection.</summary>
    /// <returns>Why it ended, or null after a goodbye or a stop; and how long it was online, zero if never.</returns>
    private async Task<(LinkFault? Fault, TimeSpan OnlineFor)> ConnectAndServeAsync()
    {
        using var connection = new LinkConnection(_broker, _subscriptions, _metrics, _time, _logger, Wake);
        long? onlineSince = null;
        TimeSpan OnlineFor() => onlineSince is { } since ? _time.GetElapsedTime(since) : TimeSpan.Zero;
        try
        {
            Volatile.Write(ref _state, (int)LinkState.Connecting);
            if (await connection.ConnectAsync(_stop.Token) is { } refusal)
                return (refusal, TimeSpan.Zero);
            MaxPacketBytes = connection.MaxPacketBytes;
            _retained.ForgetSent();
            while (_retained.TryTake(out var topic, out var payload))
                await SendStateAsync(connection.Sender, topic, payload);
            await connection.Sender.SendStatusAsync(_topics.Status, NodeStatus.Online, _abort.Token);
            onlineSince = _time.GetTimestamp();
            GoOnline();
            await ServeAsync(connection);
            if (connection.Lost.IsCompleted)
                return (await connection.Lost, OnlineFor());
            await connection.Sender.SendStatusAsync(_topics.Status, NodeStatus.Stopped, _abort.Token);
            await connection.DisconnectAsync(_abort.Token);
            return (null, OnlineFor());
        }
        catch (Exception failure)
        {
            // The edge: whatever went wrong with a connection, the node goes on.
            if (_abort.IsCancellationRequested || (_stop.IsCancellationRequested && !connection.IsConnected))
                return (null, OnlineFor());
            return (connection.IsConnected ? await FindCauseAsync(connection.Lost, failure) : LinkFault.OfFailure(failure, _broker), OnlineFor());
        }
        finally
        {
            GoOffline(onlineSince is not null);
        }
    }

    /// <summary>Sends until the connection is lost, or until nothing waits after a stop. State first; then live messages and the outbox in turn.</summary>
    private async Task ServeAsync(LinkConnection connection)
    {
        var sender = connection.Sender;
        while (!connection.Lost.IsCompleted)
        {
            if (Interlocked.Exchange(ref _statusDoubted, 0) == 1)
                await sender.SendStatusAsync(_topics.Status, NodeStatus.Online, _abort.Token);
            if (_retained.TryTake(out var topic, out var payload))
            {
                await SendStateAsync(sender, topic, payload);
                continue;
            }

            var sent = false;
            if (_queue.Reader.TryRead(out var message))
            {
                await sender.SendAsync(message, _abort.Token);
                sent = true;
            }

            if (_outbox is not null && !_drainIsOver && _outbox.Peek() is { } entry)
            {
                await SendStoredAsync(sender, entry);
                sent = true;
            }

            if (!sent && _stop.IsCancellationRequested)
                return;
            if (!sent)
                await _wake.Reader.ReadAsync();
        }
    }

    private async Task SendStoredAsync(MessageSender sender, OutboxEntry entry)
    {
        if (PacketSize.AtMost(entry.Topic, entry.Payload.Length, entry.ContentType) <= MaxPacketBytes)
            await sender.SendAsync(entry, _abort.Token);
        else
            _metrics.Dropped(DropReason.Outbox, DropReason.TooLarge);
        _outbox!.Remove(entry);
    }

    private Task SendStateAsync(MessageSender sender, string topic, byte[] payload)
    {
        if (PacketSize.AtMost(topic, payload.Length, MessageJson.ContentType) <= MaxPacketBytes)
            return sender.SendStateAsync(topic, payload, _abort.Token);
        _metrics.Dropped(DropReason.Publish, DropReason.TooLarge);
        _logger.StateTooLarge(topic, payload.Length, _broker.Address);
        return Task.CompletedTask;
    }

    /// <summary>A last will that the broker publishes late, of this start or an earlier one, must not be the last word about a node that is there.</summary>
    private void WatchOwnStatus(InboundMessage message)
    {
        if (message.Retained || State != LinkState.Online || message.Payload.Span.SequenceEqual(NodeStatus.Online))
            return;
        var session = message.Properties?.FirstOrDefault(property => property.Name == "session")?.ReadValueAsString() ?? "unknown";
        _logger.StatusContradicted(_topics.Status, session);
        Interlocked.Exchange(ref _statusDoubted, 1);
        Wake();
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>A failed send is told apart by the disconnect that goes with it, which may come a moment later.</summary>
    private async Task<LinkFault> FindCauseAsync(Task<LinkFault> lost, Exception failure)
    {
        try
        {
            return await lost.WaitAsync(TimeSpan.FromSeconds(1), _time, _abort.Token);
        }
        catch (Exception wait) when (wait is TimeoutException or OperationCanceledException)
        {
            return LinkFault.OfFailure(failure, _broker);
        }
    }

    private void GoOnline()
    {
        if (_outage is null)
            _logger.BrokerConnected(_broker.Address, _broker.ClientId);
        else
            _logger.BrokerBack(_broker.Address, _time.GetElapsedTime(_outageSince).TotalSeconds);
        _outage = null;
        Volatile.Write(ref _state, (int)(_stop.IsCancellationRequested ? LinkState.Draining : LinkState.Online));
        _online.TrySetResult();
    }

    private void GoOffline(bool wasOnline)
    {
        Volatile.Write(ref _state, (int)LinkState.Disconnected);
        if (wasOnline)
        {
            _outageSince = _time.GetTimestamp();
            Volatile.Write(ref _online, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        var dropped = 0;
        for (; _queue.Reader.TryRead(out var message); dropped++)
            Drop(message, _stop.IsCancellationRequested ? DropReason.Stopping : DropReason.Offline);
        if (_abort.IsCancellationRequested)
            _logger.GoodbyeCut(_broker.Address, dropped);
    }

    /// <summary>One warning an outage, and another only when the broker gives a new reason for its refusal.</summary>
    private void Tell(LinkFault fault, TimeSpan pause)
    {
        if (_outage is null || (fault.IsRefusal && fault != _outage))
        {
            _logger.BrokerLost(fault.Sentence);
            _outage = fault;
        }
        else
        {
            _logger.AttemptFailed(fault.Sentence, pause);
        }
    }

    private void Drop(OutboundMessage message, string reason)
    {
        message.Return();
        _metrics.Dropped(message.DropPlace, reason);
    }
}
