using System.Net;
using System.Net.Sockets;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Server;

namespace FaceLandmark.Mqtt;

/// <summary>
/// Listens on loopback for the embedded broker. MQTTnet's own listener has a packet's memory ready before it has come, up to 256 MB for
/// every client that claims that much, and accepts any number of connections; this one ends both.
/// </summary>
/// <param name="packetBytesAtMost">Bytes of the largest packet.</param>
/// <param name="connectionsAtMost">Connections at once.</param>
internal sealed class LoopbackAdapter(int packetBytesAtMost, int connectionsAtMost) : IMqttServerAdapter
{
    private readonly CancellationTokenSource _stop = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private int _connections;

    /// <inheritdoc/>
    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    /// <inheritdoc/>
    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger)
    {
        _listener = new TcpListener(IPAddress.Loopback, options.DefaultEndpointOptions.Port);
        _listener.Start();
        options.DefaultEndpointOptions.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener, options, logger);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _accepting; // before the listener stops: it may be about to accept again
        _listener?.Stop();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener?.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener, MqttServerOptions options, IMqttNetLogger logger)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptSocketAsync(_stop.Token);
                if (Interlocked.Increment(ref _connections) <= connectionsAtMost)
                {
                    _ = Task.Run(() => ServeAsync(client, options, logger));
                    continue;
                }

                Interlocked.Decrement(ref _connections);
                client.Dispose();
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The end, or a client that went before it was let in.
            }
        }
    }

    private async Task ServeAsync(Socket client, MqttServerOptions options, IMqttNetLogger logger)
    {
        try
        {
            // By default a closed socket may throw away what is still on its way.
            (client.NoDelay, client.LingerState) = (true, new LingerOption(false, 0));
            var (local, remote) = (client.LocalEndPoint, client.RemoteEndPoint);
            await using var stream = new PacketLimitStream(new NetworkStream(client, ownsSocket: true), packetBytesAtMost);
            var formatter = new MqttPacketFormatterAdapter(new MqttBufferWriter(options.WriterBufferSize, options.WriterBufferSizeMax));
            using var channel = new MqttChannelAdapter(new MqttTcpChannel(stream, local, remote, null), formatter, logger);
            if (ClientHandler is { } handle)
                await handle(channel);
        }
#pragma warning disable CA1031 // an edge: whatever one client does, the others are served
        catch (Exception)
#pragma warning restore CA1031
        {
            client.Dispose();
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }
}
