using FaceLandmark.Diagnostics;
using MQTTnet.Packets;

namespace FaceLandmark.Mqtt;

/// <content>The loop behind the link: connect, send, and again.</content>
public sealed partial class MqttLink
{
    // Mosquitto 2.0.11 (Debian 12) does not tell a client that another took its place: it just closes.
    private const int SuspiciousInARow = 3;

    private async Task KeepConnectedAsync()
    {
        var brief = 0;
        for (var attempt = 0; ; attempt++)
        {
            var (fault, onlineFor) = await ConnectAndServeAsync();
            if (fault is null || _stop.IsCancellationRequested)
                return;
            if (onlineFor > TimeSpan.Zero)
            {
                brief = onlineFor < _options.ReconnectAfterAtMost ? brief + 1 : 0;
                if (brief >= SuspiciousInARow && !fault.IsTakeOver)
                    fault = LinkFault.OfBriefConnections(brief, _broker);

                // Twins that throw each other out must not do so in a fast loop.
                if (!fault.IsTakeOver)
                    attempt = 0;
            }

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
}
