using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using FaceLandmark.Diagnostics;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace FaceLandmark.Mqtt;

/// <summary>
/// Puts messages into packets, within the broker's limits, and counts. A call gives the message to the connection at once, in the order of
/// the calls; its task ends with the receipt, so that several can be under way. Used by the link's loop only.
/// </summary>
internal sealed class MessageSender(IMqttClient client, BrokerSettings broker, ConnectionLimits limits, NodeMetrics metrics)
{
    // MQTTnet copies the fields before its first await, so that one object serves all messages.
    private readonly MqttApplicationMessage _message = new();
    private readonly Dictionary<string, ushort> _aliases = [];

    /// <summary>Sends a retained message with JSON.</summary>
    public ValueTask<SendOutcome> SendStateAsync(string topic, byte[] payload, CancellationToken cancellationToken)
    {
        Fill(topic, payload, 1, MessageJson.ContentType, null);
        _message.Retain = limits.MayRetain;
        return SendAsync(cancellationToken);
    }

    /// <summary>Sends the node's retained status.</summary>
    public ValueTask<SendOutcome> SendStatusAsync(string topic, byte[] status, CancellationToken cancellationToken)
    {
        Fill(topic, status, 1, null, broker.SessionProperty);
        _message.Retain = limits.MayRetain;
        return SendAsync(cancellationToken);
    }

    /// <summary>Sends a message of the outbox.</summary>
    public ValueTask<SendOutcome> SendAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        Fill(entry.Topic, entry.Payload, 1, entry.ContentType, null);
        return SendAsync(cancellationToken);
    }

    /// <summary>Sends a message once.</summary>
    public ValueTask<SendOutcome> SendAsync(in MqttMessage message, CancellationToken cancellationToken)
    {
        Fill(message.Topic, message.Payload, message.Qos, message.ContentType, message.Sequence is { } sequence ? [Seq(sequence)] : null);
        _message.CorrelationData = limits.IsVersion5 ? message.Correlation : null;
        if (_message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce)
            UseAlias(message.Topic);
        return SendAsync(cancellationToken);
    }

    private static MqttUserProperty Seq(long sequence) =>
        new("seq", Encoding.ASCII.GetBytes(sequence.ToString(CultureInfo.InvariantCulture)));

    private void Fill(string topic, ReadOnlyMemory<byte> payload, int qos, string? contentType, List<MqttUserProperty>? properties)
    {
        _message.Topic = topic;
        _message.Payload = new ReadOnlySequence<byte>(payload);
        _message.QualityOfServiceLevel = limits.IsAcknowledged(qos)
            ? MqttQualityOfServiceLevel.AtLeastOnce
            : MqttQualityOfServiceLevel.AtMostOnce;
        _message.ContentType = limits.IsVersion5 ? contentType : null;
        _message.UserProperties = limits.IsVersion5 ? properties : null;
        _message.CorrelationData = null;
        _message.TopicAlias = 0;
        _message.Retain = false;
    }

    // From the second message on a topic goes as a number, for as many topics as the broker remembers.
    private void UseAlias(string topic)
    {
        if (_aliases.TryGetValue(topic, out var alias))
            _message.Topic = "";
        else if (_aliases.Count < limits.TopicAliases)
            _aliases.Add(topic, alias = (ushort)(_aliases.Count + 1));
        _message.TopicAlias = alias;
    }

    // Its state is pooled: it is awaited once.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<SendOutcome> SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            var outcome = SendOutcome.Of(await client.PublishAsync(_message, cancellationToken));
            if (outcome.Fate == SendFate.Taken)
                metrics.MessageSent();
            else
                metrics.MessageFailed();
            return outcome;
        }
        catch
        {
            metrics.MessageFailed();
            throw;
        }
    }
}
