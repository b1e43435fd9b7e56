using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace FaceLandmark.Mqtt;

/// <summary>
/// A client's channel; gives a CONNECT of MQTT 3 without identifier one of its own (MQTT 5 has an answer for it), and tells how large a
/// packet may be.
/// </summary>
internal sealed class NamelessClientChannel(IMqttChannelAdapter inner, int packetBytesAtMost) : IMqttChannelAdapter
{
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
    public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        var packet = await inner.ReceivePacketAsync(cancellationToken);
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
    public void Dispose() => inner.Dispose();
}
