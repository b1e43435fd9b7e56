using System.Threading.Channels;
using FaceLandmark.Diagnostics;
using Microsoft.Extensions.Logging;
using MQTTnet;
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

    private static readonly TimeSpan s_connectWithin = TimeSpan.FromSeconds(10);
    private readonly MqttOptions _options;
    private readonly MqttTopics _topics;
    private readonly BrokerSettings _broker;
    private readonly NodeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<MqttLink> _logger;
    private readonly MqttClientFactory _clients = new();
    private readonly RetainedState _retained = new();
    private readonly Channel<OutboundMessage> _queue;

    // Holds at most one token: "look again", for new state, a new message, a lost connection or the stop.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort;
    private TaskCompletionSource _online = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _loop = Task.CompletedTask;
    private int _state;
    private long _outageSince;
    private LinkFault? _outage;

    /// <summary>Prepares the link; <see cref="StartAsync"/> begins to connect.</summary>
    /// <param name="options">The broker; without a host it is the embedded one at <see cref="MqttOptions.Port"/> of loopback.</param>
    /// <param name="topics">The node's topics.</param>
    /// <param name="session">Identifies this start of the node; goes with every status.</param>
    /// <param name="metrics">Where messages and drops are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where outages are told, once each.</param>
    public MqttLink(MqttOptions options, MqttTopics topics, string session, NodeMetrics metrics, TimeProvider time, ILogger<MqttLink> logger)
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
        _wake.Writer.TryWrite(true);
        _abort.CancelAfter(deadline);
        await _loop;
    }

    /// <summary>The new payload of a retained topic: sent as soon as there is a connection, and again with every new one. The array is the link's from now on.</summary>
    public void SetState(string topic, byte[] payload)
    {
        _retained.Set(topic, payload);
        _wake.Writer.TryWrite(true);
    }

    /// <summary>Hands a message over; the payload is copied. Never blocks.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="payload">What.</param>
    /// <param name="qos">Quality of service: 0 or 1.</param>
    /// <param name="contentType">MQTT 5 content type.</param>
    /// <param name="sequence">Sent as MQTT 5 user property <c>seq</c>.</param>
    /// <param name="dropPlace">Where a drop is counted; see <see cref="DropReason"/>.</param>
    /// <param name="sent">Called when the broker connection has taken it; on the link's thread, must not wait.</param>
    /// <returns>False when it was dropped: not online, or larger than the broker accepts.</returns>
    public bool TryEnqueue(
        string topic, ReadOnlySpan<byte> payload, int qos, string? contentType = null, long? sequence = null, string dropPlace = DropReason.Publish, Action? sent = null)
    {
        var state = State;
        if (state != LinkState.Online)
        {
            _metrics.Dropped(dropPlace, state == LinkState.Draining ? DropReason.Stopping : DropReason.Offline);
            return false;
        }

        if (PacketSize.AtMost(topic, payload.Length, contentType) > MaxPacketBytes)
        {
            _metrics.Dropped(dropPlace, DropReason.TooLarge);
            return false;
        }

        _queue.Writer.TryWrite(OutboundMessage.Copy(topic, payload, (MqttQualityOfServiceLevel)qos, contentType, sequence, dropPlace, sent));
        _wake.Writer.TryWrite(true);
        return true;
    }

    /// <summary>Stops at once when <see cref="StopAsync"/> was not called: the broker then publishes the last will.</summary>
    public async ValueTask DisposeAsync()
    {
        await _abort.CancelAsync();
        await _stop.CancelAsync();
        _wake.Writer.TryWrite(true);
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

    /// <summary>One connection from its first to its last byte.</summary>
    /// <returns>Why it ended, or null after a goodbye or a stop; and how long it was online, zero if never.</returns>
    private async Task<(LinkFault? Fault, TimeSpan OnlineFor)> ConnectAndServeAsync()
    {
        using var client = _clients.CreateMqttClient();
        var lost = new TaskCompletionSource<LinkFault>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += args =>
        {
            lost.TrySetResult(LinkFault.OfLoss(args, _broker));
            _wake.Writer.TryWrite(true);
            return Task.CompletedTask;
        };
        var sender = new MessageSender(client, _broker, _metrics, _logger);
        var connected = false;
        long? onlineSince = null;
        TimeSpan OnlineFor() => onlineSince is { } since ? _time.GetElapsedTime(since) : TimeSpan.Zero;
        try
        {
            Volatile.Write(ref _state, (int)LinkState.Connecting);
            var answer = await ConnectAsync(client);
            if (answer.ResultCode != MqttClientConnectResultCode.Success)
                return (LinkFault.OfRefusal(answer.ResultCode, answer.ReasonString, _broker), TimeSpan.Zero);
            connected = true;
            MaxPacketBytes = answer.MaximumPacketSize is > 0 and var limit ? limit : PacketSize.ProtocolLimit;
            _retained.ForgetSent();
            while (_retained.TryTake(out var topic, out var payload))
                await SendStateAsync(sender, topic, payload);
            await sender.SendStatusAsync(_topics.Status, NodeStatus.Online, _abort.Token);
            onlineSince = _time.GetTimestamp();
            GoOnline();
            await ServeAsync(sender, lost.Task);
            if (lost.Task.IsCompleted)
                return (await lost.Task, OnlineFor());
            await sender.SendStatusAsync(_topics.Status, NodeStatus.Stopped, _abort.Token);
            await client.DisconnectAsync(cancellationToken: _abort.Token);
            return (null, OnlineFor());
        }
        catch (Exception failure)
        {
            // The edge: whatever went wrong with a connection, the node goes on.
            if (_abort.IsCancellationRequested || (_stop.IsCancellationRequested && !connected))
                return (null, OnlineFor());
            return (connected ? await FindCauseAsync(lost.Task, failure) : LinkFault.OfFailure(failure, _broker), OnlineFor());
        }
        finally
        {
            GoOffline(onlineSince is not null);
        }
    }

    private async Task<MqttClientConnectResult> ConnectAsync(IMqttClient client)
    {
        using var timeLimit = new CancellationTokenSource(s_connectWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, _stop.Token);
        return await client.ConnectAsync(_broker.Create(), either.Token);
    }

    /// <summary>Sends until the connection is lost, or until nothing waits after a stop.</summary>
    private async Task ServeAsync(MessageSender sender, Task lost)
    {
        while (!lost.IsCompleted)
        {
            if (_retained.TryTake(out var topic, out var payload))
                await SendStateAsync(sender, topic, payload);
            else if (_queue.Reader.TryRead(out var message))
                await sender.SendAsync(message, _abort.Token);
            else if (_stop.IsCancellationRequested)
                return;
            else
                await _wake.Reader.ReadAsync();
        }
    }

    private Task SendStateAsync(MessageSender sender, string topic, byte[] payload)
    {
        if (PacketSize.AtMost(topic, payload.Length, MessageJson.ContentType) <= MaxPacketBytes)
            return sender.SendStateAsync(topic, payload, _abort.Token);
        _metrics.Dropped(DropReason.Publish, DropReason.TooLarge);
        _logger.StateTooLarge(topic, payload.Length, _broker.Address);
        return Task.CompletedTask;
    }

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
