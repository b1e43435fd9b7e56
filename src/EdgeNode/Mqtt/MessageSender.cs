using System.Buffers;
using System.Globalization;
using System.Text;
using FaceLandmark.Diagnostics;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace FaceLandmark.Mqtt;

/// <summary>Sends over one connection, one message after the other, and counts. Used by the link's loop only.</summary>
internal sealed class MessageSender(IMqttClient client, BrokerSettings broker, NodeMetrics metrics, ILogger logger)
{
    // MQTTnet copies the fields before it sends, so that one object serves all messages.
    private readonly MqttApplicationMessage _message = new();
    private readonly Dictionary<string, ushort> _aliases = [];
    private ushort _mostAliases;
    private string _topic = "";
    private bool _refusalTold;

    /// <summary>The highest quality of service that the broker takes.</summary>
    public MqttQualityOfServiceLevel MaximumQos { get; set; } = MqttQualityOfServiceLevel.AtLeastOnce;

    /// <summary>Whether the broker retains messages.</summary>
    public bool MayRetain { get; set; } = true;

    /// <summary>From the second message on a topic goes as a number, for as many topics as the broker remembers.</summary>
    public void UseAliases(ushort atMost) => _mostAliases = atMost;

    /// <summary>Sends a retained message with JSON.</summary>
    public Task SendStateAsync(string topic, byte[] payload, CancellationToken cancellationToken)
    {
        Fill(topic, payload, MqttQualityOfServiceLevel.AtLeastOnce, MessageJson.ContentType, null);
        _message.Retain = MayRetain;
        return SendAsync(cancellationToken);
    }

    /// <summary>Sends the node's retained status.</summary>
    public Task SendStatusAsync(string topic, byte[] status, CancellationToken cancellationToken)
    {
        Fill(topic, status, MqttQualityOfServiceLevel.AtLeastOnce, null, broker.SessionProperty);
        _message.Retain = MayRetain;
        return SendAsync(cancellationToken);
    }

    /// <summary>Sends a message of the outbox; returns when the broker has it, or for ever refuses it.</summary>
    public Task SendAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        Fill(entry.Topic, entry.Payload, MqttQualityOfServiceLevel.AtLeastOnce, entry.ContentType, null);
        _message.Retain = false;
        return SendAsync(cancellationToken);
    }

    /// <summary>Sends a message and gives its buffer back.</summary>
    public async Task SendAsync(OutboundMessage message, CancellationToken cancellationToken)
    {
        try
        {
            Fill(message.Topic, message.Payload, message.Qos, message.ContentType, message.Sequence is { } sequence ? [Seq(sequence)] : null);
            _message.Retain = false;
            _message.CorrelationData = message.Correlation;
            if (message.Qos == MqttQualityOfServiceLevel.AtMostOnce)
                UseAlias(message.Topic);
            if (await SendAsync(cancellationToken))
                message.Sent?.Invoke();
        }
        finally
        {
            message.Return();
        }
    }

    private static MqttUserProperty Seq(long sequence) => new("seq", Encoding.ASCII.GetBytes(sequence.ToString(CultureInfo.InvariantCulture)));

    private void Fill(string topic, ReadOnlyMemory<byte> payload, MqttQualityOfServiceLevel qos, string? contentType, List<MqttUserProperty>? properties)
    {
        _message.Topic = _topic = topic;
        _message.Payload = new ReadOnlySequence<byte>(payload);
        _message.QualityOfServiceLevel = qos < MaximumQos ? qos : MaximumQos;
        _message.ContentType = broker.IsVersion5 ? contentType : null;
        _message.UserProperties = broker.IsVersion5 ? properties : null;
        _message.CorrelationData = null;
        _message.TopicAlias = 0;
    }

    private void UseAlias(string topic)
    {
        if (_aliases.TryGetValue(topic, out var alias))
            _message.Topic = "";
        else if (_aliases.Count < _mostAliases)
            _aliases.Add(topic, alias = (ushort)(_aliases.Count + 1));
        _message.TopicAlias = alias;
    }

    private async Task<bool> SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.PublishAsync(_message, cancellationToken);
            if (answer.IsSuccess)
                metrics.MessageSent();
            else
                Refused(answer);
            return answer.IsSuccess;
        }
        catch
        {
            metrics.MessageFailed();
            throw;
        }
    }

    private void Refused(MqttClientPublishResult answer)
    {
        metrics.MessageFailed();
        if (_refusalTold)
            return;
        _refusalTold = true;
        logger.MessageRefused(broker.Address, _topic, answer.ReasonString is { Length: > 0 } reason ? reason : answer.ReasonCode.ToString(), broker.ClientId);
    }
}
