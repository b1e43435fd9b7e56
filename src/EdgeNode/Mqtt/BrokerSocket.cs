using System.Net;
using System.Net.Sockets;
using MQTTnet.Channel;

namespace FaceLandmark.Mqtt;

/// <summary>
/// TCP to the broker, with buffers that the system fits to the way: MQTTnet's own socket has 8 KiB under way at once, which bounds a long
/// way, and a large fixed buffer would let messages grow old in it on a slow one. Little waits unsent in the system, so that what is newest
/// goes next.
/// </summary>
internal sealed class BrokerSocket : IMqttClientStreamProvider
{
    /// <summary>Bytes that may wait unsent in the system.</summary>
    public const int UnsentAtMost = 64 * 1024;

    private const int Tcp = 6;
    private const int NotSentLowWaterMark = 25; // TCP_NOTSENT_LOWAT, tcp(7)

    /// <summary>Where a broker is.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="port">Port.</param>
    public static EndPoint EndPoint(string host, int port) =>
        IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);

    /// <inheritdoc/>
    public async Task<Stream> ConnectAsync(EndPoint brokerEndPoint, CancellationToken cancellationToken)
    {
        // Its default lets a closed connection deliver what is still on its way: a broker must not miss the goodbye.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (OperatingSystem.IsLinux())
                socket.SetRawSocketOption(Tcp, NotSentLowWaterMark, BitConverter.GetBytes(UnsentAtMost));
            await socket.ConnectAsync(brokerEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
