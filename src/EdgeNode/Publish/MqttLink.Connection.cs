using FaceLandmark.Diagnostics;
using MQTTnet;

namespace FaceLandmark.Publish;

/// <content>The loop behind the link: connect, send, and again.</content>
public sealed partial class MqttLink
{
    // Mosquitto 2.0.11 (Debian 12) does not tell a client that another took its place: it just closes.
    private const int SuspiciousInARow = 3;

    private static readonly TimeSpan s_connectWithin = TimeSpan.FromSeconds(10);

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
}
