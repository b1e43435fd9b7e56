using System.Net;
using System.Net.Sockets;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>What stands in front of a broker on loopback: takes every connection and carries it until the end of the test.</summary>
internal abstract class LoopbackFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private readonly List<Task> _lines = [];

    /// <summary>Begins to listen.</summary>
    /// <param name="target">Port of the broker on 127.0.0.1.</param>
    protected LoopbackFront(int target)
    {
        Target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Port of the broker on 127.0.0.1.</summary>
    protected int Target { get; }

    /// <summary>The end of the test.</summary>
    protected CancellationToken End => _stop.Token;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting; // before the listener stops: it may be about to accept again
        _listener.Stop();
        await Task.WhenAll(_lines);
        _stop.Dispose();
    }

    /// <summary>Carries one connection, which it takes over, and ends without an exception.</summary>
    protected abstract Task CarryAsync(TcpClient client);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _lines.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
