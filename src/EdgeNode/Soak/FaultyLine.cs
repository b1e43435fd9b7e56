using System.Net;
using System.Net.Sockets;

namespace FaceLandmark.Soak;

/// <summary>
/// The line between a node and its broker, a TCP proxy on loopback: it breaks, refuses, freezes or delays on request.
/// </summary>
internal sealed class FaultyLine : IAsyncDisposable
{
    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(300);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly FaultSwitches _faults;
    private readonly int _target;
    private readonly Task _accepting;
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _open = [];

    /// <summary>Begins to listen.</summary>
    /// <param name="target">Port of the broker on loopback.</param>
    /// <param name="faults">The faults that are there.</param>
    public FaultyLine(int target, FaultSwitches faults)
    {
        (_target, _faults) = (target, faults);
        faults.Switched += Break;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens on loopback.</summary>
    public int Port { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _faults.Switched -= Break;
        await _stop.CancelAsync().ConfigureAwait(false);
        BreakAll();
        await _accepting.ConfigureAwait(false);
        _listener.Dispose();
        _stop.Dispose();
    }

    private void Break(SoakFault fault, bool isOn)
    {
        if (isOn && fault.Kind is SoakFaultKind.BrokerReset or SoakFaultKind.BrokerGone)
            BreakAll();
    }

    private void BreakAll()
    {
        lock (_lock)
        {
            foreach (var socket in _open)
                socket.Close(0); // at once: what was under way is lost
            _open.Clear();
        }
    }

    private async Task AcceptAsync()
    {
        var carried = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false);
                carried.RemoveAll(line => line.IsCompleted);
                carried.Add(CarryAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }

        await Task.WhenAll(carried).ConfigureAwait(false);
    }

    private async Task CarryAsync(Socket client)
    {
        using var broker = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            try
            {
                if (_faults.IsOn(SoakFaultKind.BrokerGone))
                    return;
                client.NoDelay = true;
                lock (_lock)
                {
                    _open.Add(client);
                    _open.Add(broker);
                }

                await broker.ConnectAsync(IPAddress.Loopback, _target, _stop.Token).ConfigureAwait(false);
                await Task.WhenAny(PumpAsync(client, broker), PumpAsync(broker, client)).ConfigureAwait(false);
            }
            catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Broken on purpose, or by one of the ends.
            }
            finally
            {
                lock (_lock)
                {
                    _open.Remove(client);
                    _open.Remove(broker);
                }
            }
        }
    }

    // Ends with either side, without an exception: disposing both ends the other direction.
    private async Task PumpAsync(Socket from, Socket to)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            int length;
            while ((length = await from.ReceiveAsync(buffer, _stop.Token).ConfigureAwait(false)) > 0)
            {
                await _faults.WhileOnAsync(SoakFaultKind.BrokerFrozen, _stop.Token).ConfigureAwait(false);
                if (_faults.IsOn(SoakFaultKind.BrokerSlow))
                    await Task.Delay(s_delay, _stop.Token).ConfigureAwait(false);
                for (var sent = 0; sent < length;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), _stop.Token).ConfigureAwait(false);
                _faults.Works(SoakPlan.Broker);
            }
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The same.
        }
    }
}
