using MQTTnet.Packets;

namespace FaceLandmark.Mqtt;

/// <content>The loop behind the link: connect, send, and again.</content>
internal sealed partial class MqttLink
{
    // Mosquitto 2.0.11 (Debian 12) does not tell a client that another took its place: it just closes.
    private const int SuspiciousInARow = 3;

    private async Task KeepConnectedAsync()
    {
        var brief = 0;
        for (var attempt = 0; ; attempt++)
        {
            var (fault, onlineFor) = await ConnectAndServeAsync();
            if (fault is null || _stop.IsAsked)
                return;
            if (fault.AsksAnotherWay)
                continue;
            if (onlineFor is { } lasted)
            {
                brief = lasted < _broker.ReconnectAfterAtMost ? brief + 1 : 0;
                if (brief >= SuspiciousInARow && !fault.IsTakeOver)
                    fault = LinkFault.OfBriefConnections(brief, _broker);

                // Twins that throw each other out must not do so in a fast loop.
                if (!fault.IsTakeOver)
                    attempt = 0;
            }

            _broker.MoveOn();
            // The pause grows when all addresses have been tried.
            var round = attempt / _broker.Places;
            var pause = ReconnectPause.Of(round, _broker.ReconnectAfter, _broker.ReconnectAfterAtMost, Random.Shared.NextDouble());
            Tell(fault, pause);
            try
            {
                await Task.Delay(pause, _time, _stop.Asked);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>One connection.</summary>
    /// <returns>Why it ended, or null after a goodbye or a stop; and how long the broker had the node's status, null if never.</returns>
    private async Task<(LinkFault? Fault, TimeSpan? OnlineFor)> ConnectAndServeAsync()
    {
        using var connection = new LinkConnection(_broker, _subscriptions, _metrics, _time, _logger, _context.Waker.Wake);
        try
        {
            _phase.MoveTo(LinkState.Connecting);
            if (await connection.ConnectAsync(_dialect, _context.Learned, _stop.Asked) is { } refusal)
                return (refusal, null);
        }
        catch (Exception failure)
        {
            // The edge: whatever went wrong with a connection, the node goes on.
            var fault = LinkFault.OfFailure(failure, _broker) with { MayBeNone = LinkFault.IsHangUp(failure) && _dialect.MayBeOld };
            return (_stop.IsAsked ? null : fault, null);
        }
        finally
        {
            if (!connection.IsConnected)
                _phase.MoveTo(LinkState.Disconnected);
        }

        return await ServeAsync(connection);
    }

    private async Task<(LinkFault? Fault, TimeSpan? OnlineFor)> ServeAsync(LinkConnection connection)
    {
        var since = _time.GetTimestamp();
        _context.Learned.Begin();
        Volatile.Write(ref _maxPacketBytes, connection.Limits.PacketBytes);
        if (!connection.Limits.MayRetain)
            _context.Words.RetainsNothing();
        using var session = new LinkSession(connection, _context, GoOnline);
        _session = session;
        LinkFault? fault = null;
        try
        {
            await session.ServeAsync();
            if (connection.Lost.IsCompleted)
            {
                fault = await connection.Lost;
            }
            else
            {
                await connection.Sender.SendStatusAsync(_broker.StatusTopic, NodeStatus.Stopped, _stop.Abort);
                await connection.DisconnectAsync(_stop.Abort);
            }
        }
        catch (Exception failure)
        {
            // The edge again.
            if (!_stop.Abort.IsCancellationRequested)
                fault = await FindCauseAsync(connection.Lost, failure);
        }

        _session = null;
        var lasted = _time.GetElapsedTime(since);
        if (fault is { IsExplained: false } && !_stop.IsAsked)
            Learn(session.Alone, lasted);
        connection.Dispose();
        await session.FinishAsync();
        _dialect.Ended();
        GoOffline();
        return (fault, session.IsEstablished ? lasted : null);
    }

    private void Learn(LearnedLimits.Trait? alone, TimeSpan lasted)
    {
        var what = _context.Learned.Ended(alone, lasted);
        if (alone is { } message)
            _context.Words.Learned(what, message, _context.Learned.Bytes);
    }

    /// <summary>
    /// A last will that the broker publishes late, of this start or an earlier one, must not be the last word about a node that is there.
    /// </summary>
    private void WatchOwnStatus(InboundMessage message)
    {
        if (message.Retained || State != LinkState.Online || message.Payload.Span.SequenceEqual(NodeStatus.Online))
            return;
        var session = message.Properties?.FirstOrDefault(property => property.Name == "session")?.ReadValueAsString() ?? "unknown";
        _logger.StatusContradicted(_broker.StatusTopic, session);
        _session?.DoubtStatus();
    }

    /// <summary>The disconnect that goes with a failed send says why it failed; it may come a moment later.</summary>
    private async Task<LinkFault> FindCauseAsync(Task<LinkFault> lost, Exception failure)
    {
        try
        {
            return await lost.WaitAsync(TimeSpan.FromSeconds(1), _time, _stop.Abort);
        }
        catch (Exception reason) when (reason is TimeoutException or OperationCanceledException)
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
        _told.Clear();
        if (!_dialect.IsVersion5 && _broker.Version == MqttVersion.Auto)
            _logger.OldVersion(_broker.Address);
        _context.Load.Queue.Open();
        _phase.MoveTo(LinkState.Online);
        if (_stop.IsAsked)
            _phase.MoveTo(LinkState.Draining);
    }

    private void GoOffline()
    {
        if (State is LinkState.Online or LinkState.Draining)
            _outageSince = _time.GetTimestamp();
        _phase.MoveTo(LinkState.Disconnected);
        var left = _context.Load.Queue.Close();
        foreach (var message in left)
            _context.Load.Drop(message, _context.ReasonOfLoss);
        if (_stop.Abort.IsCancellationRequested)
            _logger.GoodbyeCut(_broker.Address, left.Count);
        else if (_stop.IsAsked && left.Count > 0)
            _logger.StopLeftMessages(_broker.Address, left.Count);
    }

    /// <summary>One warning an outage, and another only when a broker gives a new reason for its refusal.</summary>
    private void Tell(LinkFault fault, TimeSpan pause)
    {
        if ((_outage is null && !fault.MayBeNone) || (fault.IsRefusal && !_told.Contains(fault)))
        {
            _told.Add(fault);
            _logger.BrokerLost(fault.Sentence);
            _outage = fault;
        }
        else
        {
            _logger.AttemptFailed(fault.Sentence, pause);
        }
    }
}
