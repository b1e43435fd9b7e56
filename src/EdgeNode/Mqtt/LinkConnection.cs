using FaceLandmark.Diagnostics;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace FaceLandmark.Mqtt;

/// <summary>One connection to the broker, from its first to its last byte, within the limits that the broker sets.</summary>
internal sealed class LinkConnection : IDisposable
{
    private static readonly TimeSpan s_connectWithin = TimeSpan.FromSeconds(10);
    private readonly TaskCompletionSource<LinkFault> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly BrokerSettings _broker;
    private readonly IReadOnlyList<Subscription> _subscriptions;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private ITimer? _ping;

    public LinkConnection(BrokerSettings broker, IReadOnlyList<Subscription> subscriptions, NodeMetrics metrics, TimeProvider time, ILogger logger, Action onLost)
    {
        (_broker, _subscriptions, _time, _logger) = (broker, subscriptions, time, logger);
        Sender = new MessageSender(_client, broker, metrics, logger);
        _client.DisconnectedAsync += args =>
        {
            _lost.TrySetResult(LinkFault.OfLoss(args, broker));
            onLost();
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
    public MessageSender Sender { get; }

    /// <summary>Completes with the reason when the connection is gone.</summary>
    public Task<LinkFault> Lost => _lost.Task;

    /// <summary>Whether the broker said yes.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Bytes the largest packet may have.</summary>
    public long MaxPacketBytes { get; private set; }

    /// <summary>Connects and subscribes.</summary>
    /// <returns>Why the broker said no; null when it said yes.</returns>
    public async Task<LinkFault?> ConnectAsync(CancellationToken stop)
    {
        using var timeLimit = new CancellationTokenSource(s_connectWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, stop);
        var settings = _broker.Create();
        var answer = await _client.ConnectAsync(settings, either.Token);
        if (answer.ResultCode != MqttClientConnectResultCode.Success)
            return LinkFault.OfRefusal(answer.ResultCode, answer.ReasonString, _broker, answer.ServerReference);
        IsConnected = true;
        Obey(answer, settings);
        await SubscribeAsync(either.Token);
        return null;
    }

    /// <summary>Says goodbye: the broker then forgets the last will.</summary>
    public Task DisconnectAsync(CancellationToken cancellationToken) => _client.DisconnectAsync(cancellationToken: cancellationToken);

    /// <summary>Closes it; without <see cref="DisconnectAsync"/> the broker publishes the last will.</summary>
    public void Dispose()
    {
        _ping?.Dispose();
        _client.Dispose();
    }

    /// <summary>The limits of MQTT 5. Receive maximum needs nothing: one message is under way at a time.</summary>
    private void Obey(MqttClientConnectResult answer, MqttClientOptions settings)
    {
        MaxPacketBytes = answer.MaximumPacketSize is > 0 and var limit ? limit : PacketSize.ProtocolLimit;
        Sender.UseAliases(answer.TopicAliasMaximum);
        if (_broker.IsVersion5)
        {
            Sender.MaximumQos = answer.MaximumQoS;
            if (!(Sender.MayRetain = answer.RetainAvailable))
                _logger.RetainUnavailable(_broker.Address);
        }

        // MQTTnet goes on with its own keep-alive when the broker asks for a shorter one.
        var asked = TimeSpan.FromSeconds(answer.ServerKeepAlive);
        if (asked > TimeSpan.Zero && asked < settings.KeepAlivePeriod)
            _ping = _time.CreateTimer(_ => _ = PingAsync(asked), null, asked / 2, asked / 2);
    }

    private async Task PingAsync(TimeSpan within)
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

    private async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        if (_subscriptions.Count == 0)
            return;
        var answer = await _client.SubscribeAsync(
            new MqttClientSubscribeOptions
            {
                TopicFilters = [.. _subscriptions.Select(subscription => new MqttTopicFilter
                {
                    Topic = subscription.Filter,
                    QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
                    RetainAsPublished = _broker.IsVersion5 && subscription.SeesRetainFlag,
                })],
            },
            cancellationToken);
        foreach (var refused in answer.Items.Where(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2))
            _logger.SubscriptionRefused(_broker.Address, refused.TopicFilter.Topic, refused.ResultCode.ToString(), _broker.ClientId);
    }
}
