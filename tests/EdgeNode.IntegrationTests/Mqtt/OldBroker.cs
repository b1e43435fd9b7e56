using System.Net;
using System.Net.Sockets;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>
/// A broker that knows MQTT 3.1.1 only, in front of a real one: to a CONNECT in MQTT 5 it gives an answer of its own, or none.
/// </summary>
internal sealed class OldBroker : LoopbackFront
{
    private const byte Version5 = 5;
    private readonly byte[] _answer;

    /// <param name="target">Port of the real broker.</param>
    /// <param name="code">Return code of MQTT 3.1.1 in answer to MQTT 5; null: it hangs up.</param>
    public OldBroker(int target, byte? code)
        : base(target) => _answer = code is { } known ? [0x20, 2, 0, known] : [];

    /// <inheritdoc/>
    protected override async Task CarryAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var buffer = new byte[4096];
                var length = await stream.ReadAsync(buffer, End); // a CONNECT is one packet here
                var name = buffer.AsSpan(0, length).IndexOf("MQTT"u8);
                if (buffer[name + 4] == Version5)
                {
                    await stream.WriteAsync(_answer, End);
                    return;
                }

                using var broker = new TcpClient();
                await broker.ConnectAsync(IPAddress.Loopback, Target, End);
                var other = broker.GetStream();
                await other.WriteAsync(buffer.AsMemory(0, length), End);
                await Task.WhenAny(stream.CopyToAsync(other, End), other.CopyToAsync(stream, End));
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
            {
                // Whichever side broke it.
            }
        }
    }
}
