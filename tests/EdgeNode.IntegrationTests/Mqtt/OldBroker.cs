using System.Net;
using System.Net.Sockets;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>
/// A broker that knows MQTT 3.1.1 only, in front of a real one: to a CONNECT in MQTT 5 it gives an answer of its own, or none.
/// </summary>
internal sealed class OldBroker : IAsyncDisposable
{
    private const byte Version5 = 5;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly byte[] _answer;
    private readonly Task _accepting;
    private readonly List<Task> _lines = [];

    /// <param name="target">Port of the real broker.</param>
    /// <param name="code">Return code of MQTT 3.1.1 in answer to MQTT 5; null: it hangs up.</param>
    public OldBroker(int target, byte? code)
    {
        (_target, _answer) = (target, code is { } known ? [0x20, 2, 0, known] : []);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_lines);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _lines.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var buffer = new byte[4096];
                var length = await stream.ReadAsync(buffer, _stop.Token); // a CONNECT is one packet here
                var name = buffer.AsSpan(0, length).IndexOf("MQTT"u8);
                if (buffer[name + 4] == Version5)
                {
                    await stream.WriteAsync(_answer, _stop.Token);
                    return;
                }

                using var broker = new TcpClient();
                await broker.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                var other = broker.GetStream();
                await other.WriteAsync(buffer.AsMemory(0, length), _stop.Token);
                await Task.WhenAny(stream.CopyToAsync(other, _stop.Token), other.CopyToAsync(stream, _stop.Token));
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
            {
                // Whichever side broke it.
            }
        }
    }
}
