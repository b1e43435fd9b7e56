using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace FaceLandmark.Mqtt;

/// <summary>
/// A client's channel: gives a CONNECT of MQTT 3 without identifier, as <c>mosquitto_sub</c> sends it by default and MQTT 3.1.1 (3.1.3.1)
/// allows, one of its own (MQTT 5 has an answer for it), tells how large a packet may be, and keeps what is retained in order.
/// </summary>
/// <param name="inner">The channel of TCP.</param>
/// <param name="packetBytesAtMost">Announced to clients of MQTT 5.</param>
/// <param name="retained">
/// One for all clients of a broker. MQTTnet reads the retained messages, then adds the subscription, then queues what it has read: a
/// retained message that another client publishes in between would not reach the subscriber, or before the older one of its topic.
/// </param>
internal sealed class BrokerClientChannel(IMqttChannelAdapter inner, int packetBytesAtMost, SemaphoreSlim retained) : IMqttChannelAdapter
{
    private int _holdsRetained;

    /// <summary>Called when a message has been written, or could not be; null: nobody wants to know.</summary>
    public Action? MessageWritten { get; set; }

    /// <inheritdoc/>
    public long BytesReceived => inner.BytesReceived;

    /// <inheritdoc/>
    public long BytesSent => inner.BytesSent;

    /// <inheritdoc/>
    public X509Certificate2? ClientCertificate => inner.ClientCertificate;

    /// <inheritdoc/>
    public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

    /// <inheritdoc/>
    public EndPoint LocalEndPoint => inner.LocalEndPoint;

    /// <inheritdoc/>
    public bool IsSecureConnection => inner.IsSecureConnection;

    /// <inheritdoc/>
    public MqttPacketFormatterAdapter PacketFormatterAdapter => inner.PacketFormatterAdapter;

    /// <inheritdoc/>
    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

    /// <inheritdoc/>
    public Task DisconnectAsync(CancellationToken cancellationToken)
    {
        LeaveRetained();
        return inner.DisconnectAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        // The server asks for the next packet when it has done all that the last one asked for.
        LeaveRetained();
        MqttPacket? packet = null;
        try
        {
            packet = await inner.ReceivePacketAsync(cancellationToken);
        }
        finally
        {
            // A client that goes without a word leaves its last will, which may be retained.
            if (packet is null or MqttSubscribePacket or MqttPublishPacket { Retain: true })
                await HoldRetainedAsync();
        }

        if (
            packet is MqttConnectPacket connect
            && connect.CleanSession
            && string.IsNullOrEmpty(connect.ClientId)
            && PacketFormatterAdapter.ProtocolVersion != MqttProtocolVersion.V500
        )
            connect.ClientId = Guid.NewGuid().ToString("N");
        return packet;
    }

    /// <inheritdoc/>
    public void ResetStatistics() => inner.ResetStatistics();

    /// <inheritdoc/>
    public async Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        if (packet is MqttConnAckPacket answer)
            answer.MaximumPacketSize = (uint)packetBytesAtMost;
        try
        {
            await inner.SendPacketAsync(packet, cancellationToken);
        }
        finally
        {
            if (packet is MqttPublishPacket)
                MessageWritten?.Invoke();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        LeaveRetained();
        inner.Dispose();
    }

    // Its holder waits for nothing outside this process, so it does not wait for long.
    private async Task HoldRetainedAsync()
    {
        await retained.WaitAsync(CancellationToken.None);
        _holdsRetained = 1;
    }

    private void LeaveRetained()
    {
        if (Interlocked.Exchange(ref _holdsRetained, 0) == 1)
            retained.Release();
    }
}
