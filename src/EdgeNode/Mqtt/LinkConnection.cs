using FaceLandmark.Diagnostics;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Diagnostics.PacketInspection;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace FaceLandmark.Mqtt;

/// <summary>One connection to the broker, from its first to its last byte, within the limits that the broker sets.</summary>
internal sealed class LinkConnection : IDisposable
{
    private static readonly TimeSpan s_connectWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_askAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_askAgainAfterAtMost = TimeSpan.FromSeconds(30);
    private readonly TaskCompletionSource<LinkFault> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly BrokerSettings _broker;
    private readonly IReadOnlyList<Subscription> _subscriptions;
    private readonly NodeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action _onLost;
    private ITimer? _ping;

    public LinkConnection(
        BrokerSettings broker,
        IReadOnlyList<Subscription> subscriptions,
        NodeMetrics metrics,
        TimeProvider time,
        ILogger logger,
        Action onLost
    )
    {
        (_broker, _subscriptions, _metrics, _time, _logger, _onLost) = (broker, subscriptions, metrics, time, logger, onLost);
        Sender = new MessageSender(_client, broker, Limits, metrics);
        _client.DisconnectedAsync += args =>
        {
            Lose(LinkFault.OfLoss(args, broker));
            return Task.CompletedTask;
        };
        _client.ApplicationMessageReceivedAsync += args =>
        {
            var message = InboundMessage.Of(args.ApplicationMessage);
            foreach (var subscription in subscriptions)
                if (MqttTopicFilterComparer.Compare(message.Topic, subscription.Filter) == MqttTopicFilterCompareResult.IsMatch)
                    subscription.Handle(message);
            return Task.CompletedTask;
        };
    }

    /// <summary>Sends over this connection.</summary>
    public MessageSender Sender { get; private set; }

    /// <summary>What it may carry.</summary>
    public ConnectionLimits Limits { get; private set; } = new();

    /// <summary>The filters that the broker refused, when it has answered.</summary>
    public Task<IReadOnlyList<string>> Refused { get; private set; } = Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Completes with the reason when the connection is gone.</summary>
    public Task<LinkFault> Lost => _lost.Task;

    /// <summary>Whether the broker said yes.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Connects, and asks for the subscriptions without waiting for their receipt.</summary>
    /// <param name="dialect">How the node speaks to the broker; learns from its answer.</param>
    /// <param name="learned">What was found out about it.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>Why the broker said no; null when it said yes.</returns>
    public async Task<LinkFault?> ConnectAsync(BrokerDialect dialect, LearnedLimits learned, CancellationToken stop)
    {
        using var timeLimit = new CancellationTokenSource(s_connectWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, stop);
        var settings = _broker.Create(dialect);
        var since = _time.GetTimestamp();
        byte? oldCode = null;
        _client.InspectPacketAsync += Inspect;
        MqttClientConnectResult answer;
        try
        {
            answer = await _client.ConnectAsync(settings, either.Token);
        }
        catch (Exception) when (oldCode is { } code && !either.IsCancellationRequested)
        {
            answer = new MqttClientConnectResult { ResultCode = (MqttClientConnectResultCode)code };
        }
        catch (Exception failure) when (LinkFault.IsHangUp(failure) && !either.IsCancellationRequested)
        {
            dialect.HungUp(_time.GetElapsedTime(since));
            throw;
        }
        finally
        {
            _client.InspectPacketAsync -= Inspect;
        }

        if (answer.ResultCode != MqttClientConnectResultCode.Success)
        {
            return LinkFault.OfRefusal(answer.ResultCode, answer.ReasonString, _broker, dialect.IsVersion5, answer.ServerReference) with
            {
                AsksAnotherWay = dialect.Refused(answer.ResultCode, oldCode),
            };
        }

        dialect.Accepted();
        IsConnected = true;
        Limits = Obey(ConnectionLimits.Of(answer, dialect.IsVersion5, settings.KeepAlivePeriod), dialect, learned);
        Sender = new MessageSender(_client, _broker, Limits, _metrics);
        Refused = SubscribeAsync();
        return null;

        // An answer of four bytes is one of MQTT 3.1.1: the broker knows nothing newer.
        Task Inspect(InspectMqttPacketEventArgs packet)
        {
            var isAnswer = packet.Direction == MqttPacketFlowDirection.Inbound && dialect.IsVersion5;
            if (isAnswer && packet.Buffer is [0x20, 2, _, not 0 and var code])
                oldCode = code;
            return Task.CompletedTask;
        }
    }

    /// <summary>Subscribes again: the broker then tells again what it retains. Does not wait for the receipt.</summary>
    public void SubscribeAgain() => Refused = SubscribeAsync();

    /// <summary>Asks for a sign of life; when it comes, the broker has taken everything before it.</summary>
    public Task PingAsync(CancellationToken cancellationToken) => _client.PingAsync(cancellationToken);

    /// <summary>Says goodbye: the broker then forgets the last will. A broker that has gone needs none.</summary>
    public async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.DisconnectAsync(cancellationToken: cancellationToken);
        }
        catch (MqttCommunicationException)
        {
            // It closed the connection between our last message and the goodbye.
        }
    }

    /// <summary>Closes it; without <see cref="DisconnectAsync"/> the broker publishes the last will.</summary>
    public void Dispose()
    {
        _ping?.Dispose();
        _client.Dispose();
    }

    private void Lose(LinkFault fault)
    {
        _lost.TrySetResult(fault);
        _onLost();
    }

    private ConnectionLimits Obey(ConnectionLimits told, BrokerDialect dialect, LearnedLimits learned)
    {
        // MQTTnet goes on with its own keep-alive when the broker asks for a shorter one.
        if (told.KeepAlive > TimeSpan.Zero)
            _ping = _time.CreateTimer(_ => _ = KeepAliveAsync(told.KeepAlive), null, told.KeepAlive / 2, told.KeepAlive / 2);
        return told with
        {
            MayRetain = told.MayRetain && dialect.RetainsWill && learned.MayRetain,
            PacketBytes = Math.Min(told.PacketBytes, learned.Bytes ?? long.MaxValue),
        };
    }

    private async Task KeepAliveAsync(TimeSpan within)
    {
        try
        {
            using var timeLimit = new CancellationTokenSource(within, _time);
            await _client.PingAsync(timeLimit.Token);
        }
#pragma warning disable CA1031 // nobody awaits it: whatever fails, the loop learns it from the lost connection
        catch (Exception)
#pragma warning restore CA1031
        {
            _client.Dispose();
        }
    }

    private async Task<IReadOnlyList<string>> SubscribeAsync()
    {
        if (_subscriptions.Count == 0)
            return [];
        using var timeLimit = new CancellationTokenSource(s_connectWithin, _time);
        try
        {
            var refused = await SubscribeAsync([.. _subscriptions.SelectMany(Filters)], timeLimit.Token);
            foreach (var item in refused)
                _logger.SubscriptionRefused(_broker.Address, item.TopicFilter.Topic, item.ResultCode.ToString(), _broker.ClientId);
            if (refused.Count > 0)
                _ = InsistAsync([.. refused.Select(item => item.TopicFilter)]);
            return [.. refused.Select(item => item.TopicFilter.Topic)];
        }
#pragma warning disable CA1031 // nobody has to await it: the loop learns it from the lost connection
        catch (Exception)
#pragma warning restore CA1031
        {
            if (timeLimit.IsCancellationRequested)
                Lose(new LinkFault($"The broker {_broker.Address} does not answer a subscription: look into its log."));
            return [.. _subscriptions.Select(subscription => subscription.Filter)];
        }
    }

    // An access list may be mended, and a cluster that has just lost a member refuses what it takes some seconds later.
    private async Task InsistAsync(List<MqttTopicFilter> refused)
    {
        try
        {
            var pause = s_askAgainAfter;
            while (refused.Count > 0)
            {
                await Task.WhenAny(Task.Delay(pause, _time), Lost);
                pause = pause * 2 < s_askAgainAfterAtMost ? pause * 2 : s_askAgainAfterAtMost;
                if (Lost.IsCompleted)
                    return;
                using var timeLimit = new CancellationTokenSource(s_connectWithin, _time);
                var still = (await SubscribeAsync(refused, timeLimit.Token)).Select(item => item.TopicFilter).ToList();
                foreach (var allowed in refused.ExceptBy(still.Select(filter => filter.Topic), filter => filter.Topic))
                    _logger.SubscriptionTaken(_broker.Address, allowed.Topic, _broker.ClientId);
                refused = still;
            }
        }
#pragma warning disable CA1031 // nobody awaits it: the loop learns it from the lost connection
        catch (Exception)
#pragma warning restore CA1031
        {
            // The connection is gone, or the broker does not answer: the keep-alive finds that out.
        }
    }

    private async Task<List<MqttClientSubscribeResultItem>> SubscribeAsync(List<MqttTopicFilter> filters, CancellationToken end)
    {
        var answer = await _client.SubscribeAsync(new MqttClientSubscribeOptions { TopicFilters = filters }, end);
        return [.. answer.Items.Where(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2)];
    }

    private IEnumerable<MqttTopicFilter> Filters(Subscription subscription) =>
        subscription
            .FiltersFor(Limits)
            .Select(filter => new MqttTopicFilter
            {
                Topic = filter,
                QualityOfServiceLevel = (MqttQualityOfServiceLevel)subscription.Qos,
                RetainAsPublished = Limits.IsVersion5 && subscription.SeesRetainFlag,
            });
}
