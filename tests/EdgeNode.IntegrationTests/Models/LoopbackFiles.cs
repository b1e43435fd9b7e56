using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FaceLandmark.Tests.Models;

/// <summary>A web server on loopback that serves one content under every name, and misbehaves when asked to.</summary>
internal sealed class LoopbackFiles : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _content;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public LoopbackFiles(byte[] content)
    {
        _content = content;
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The byte at which each of the next answers breaks off.</summary>
    public Queue<int> BreakAfter { get; } = new();

    /// <summary>What is answered in the place of the content.</summary>
    public string? Instead { get; set; }

    /// <summary>Where each request began, in bytes.</summary>
    public List<long> Starts { get; } = [];

    public string Address(string name) => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/models/{name}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // the end of the test
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        long start = 0;
        for (
            var line = await reader.ReadLineAsync(_stop.Token);
            !string.IsNullOrEmpty(line);
            line = await reader.ReadLineAsync(_stop.Token)
        )
        {
            if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                start = long.Parse(line["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        }

        Starts.Add(start);
        if (Instead is not null)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Instead), _stop.Token);
            return;
        }

        var head =
            start > 0
                ? $"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {start}-{_content.Length - 1}/{_content.Length}\r\n"
                : "HTTP/1.1 200 OK\r\n";
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"{head}ETag: \"one\"\r\nContent-Length: {_content.Length - start}\r\nConnection: close\r\n\r\n"),
            _stop.Token
        );
        var end = BreakAfter.TryDequeue(out var stop) ? stop : _content.Length;
        await stream.WriteAsync(_content.AsMemory((int)start, end - (int)start), _stop.Token);
    }
}
