using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FaceLandmark.Tests.Capture;

/// <summary>An RTSP server for one client: plays an MPEG transport stream once, as RTP within the connection, and hangs up.</summary>
internal sealed class SmallRtspServer : IDisposable
{
    // Transport stream packets have 188 bytes; seven fit into a usual network packet.
    private const int Payload = 7 * 188;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public SmallRtspServer() => _listener.Start();

    public string Address =>
        string.Create(CultureInfo.InvariantCulture, $"rtsp://me:secret@127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/live");

    /// <summary>Serves one client; returns the methods it asked for.</summary>
    public async Task<List<string>> ServeAsync(byte[] transportStream, CancellationToken cancellationToken)
    {
        using var client = await _listener.AcceptTcpClientAsync(cancellationToken);
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var methods = new List<string>();
        while (methods.LastOrDefault() != "PLAY")
        {
            var request = await reader.ReadLineAsync(cancellationToken) ?? throw new InvalidDataException("The client hung up.");
            var number = "";
            while (await reader.ReadLineAsync(cancellationToken) is { Length: > 0 } line)
                number = line.StartsWith("CSeq:", StringComparison.OrdinalIgnoreCase) ? line : number;
            methods.Add(request.Split(' ')[0]);
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"RTSP/1.0 200 OK\r\n{number}\r\nSession: 1\r\n{Answer(methods[^1])}"),
                cancellationToken
            );
        }

        ushort sequence = 0;
        foreach (var part in transportStream.Chunk(Payload))
        {
            var packet = new byte[4 + 12 + part.Length];
            (packet[0], packet[4], packet[5]) = ((byte)'$', 0x80, 33);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)(12 + part.Length));
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), sequence++);
            part.CopyTo(packet, 16);
            await stream.WriteAsync(packet, cancellationToken);
        }

        client.Client.Shutdown(SocketShutdown.Send);
        while (await reader.ReadLineAsync(cancellationToken) is not null)
            ;
        return methods;
    }

    public void Dispose() => _listener.Dispose();

    private static string Answer(string method)
    {
        const string Description = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=test\r\nt=0 0\r\nm=video 0 RTP/AVP 33\r\na=control:track1\r\n";
        return method switch
        {
            "OPTIONS" => "Public: OPTIONS, DESCRIBE, SETUP, PLAY\r\n\r\n",
            "DESCRIBE" => string.Create(
                CultureInfo.InvariantCulture,
                $"Content-Type: application/sdp\r\nContent-Length: {Description.Length}\r\n\r\n{Description}"
            ),
            "SETUP" => "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n",
            _ => "\r\n",
        };
    }
}
