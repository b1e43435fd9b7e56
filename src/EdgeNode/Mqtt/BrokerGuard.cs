using System.Collections;
using System.Security.Cryptography;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace FaceLandmark.Mqtt;

/// <summary>
/// What clients of the embedded broker may do: anybody on this machine may read everything and publish, but what the node says of itself
/// only the node says, nobody takes its place, and retained messages of others have a bound. Thread-safe.
/// </summary>
/// <param name="owner">The node's own connection; null: there is none, and nothing is its.</param>
internal sealed class BrokerGuard(BrokerSettings? owner)
{
    /// <summary>Messages of others that are retained at most.</summary>
    public const int RetainedAtMost = 4096;

    /// <summary>Bytes of others' retained messages at most.</summary>
    public const int RetainedBytesAtMost = 16 << 20;

    private static readonly object s_isOwner = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _retained = [];
    private long _retainedBytes;

    /// <summary>Somebody connects.</summary>
    public Task ValidateAsync(ValidatingConnectionEventArgs client)
    {
        if (owner is null)
            return Task.CompletedTask;
        if (
            client.UserName == BrokerSettings.OwnerName
            && CryptographicOperations.FixedTimeEquals(client.RawPassword ?? [], owner.OwnerSecret)
        )
            client.SessionItems[s_isOwner] = s_isOwner;
        else if (client.ClientId == owner.ClientId)
            client.ReasonCode = MqttConnectReasonCode.ClientIdentifierNotValid;
        return Task.CompletedTask;
    }

    /// <summary>Somebody publishes.</summary>
    public Task ValidateAsync(InterceptingPublishEventArgs publish)
    {
        if (owner is null || IsOwner(publish.SessionItems))
            return Task.CompletedTask;
        var message = publish.ApplicationMessage;
        if (message.Topic is not { Length: > 0 } topic)
            return Task.CompletedTask;
        if (topic.StartsWith(owner.BaseTopic, StringComparison.Ordinal) && !topic.StartsWith(owner.RequestTopics, StringComparison.Ordinal))
            Refuse(publish, MqttPubAckReasonCode.NotAuthorized);
        else if (message.Retain && !Keeps(topic, (int)message.Payload.Length))
            Refuse(publish, MqttPubAckReasonCode.QuotaExceeded);
        return Task.CompletedTask;
    }

    private static bool IsOwner(IDictionary? items) => items?.Contains(s_isOwner) == true;

    private static void Refuse(InterceptingPublishEventArgs publish, MqttPubAckReasonCode reason) =>
        (publish.ProcessPublish, publish.Response.ReasonCode) = (false, reason);

    private bool Keeps(string topic, int bytes)
    {
        lock (_lock)
        {
            var before = _retained.GetValueOrDefault(topic, -1);
            if (bytes == 0)
            {
                _retained.Remove(topic);
                _retainedBytes -= Math.Max(before, 0);
                return true;
            }

            var after = _retainedBytes - Math.Max(before, 0) + bytes;
            if (after > RetainedBytesAtMost || (before < 0 && _retained.Count >= RetainedAtMost))
                return false;
            (_retained[topic], _retainedBytes) = (bytes, after);
            return true;
        }
    }
}
