using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace FaceLandmark.Tests.Brokers;

/// <summary>As much of a NATS client as asks a server something: one request at a time, asked again until it is answered.</summary>
internal sealed class NatsRequests : IDisposable
{
    private static readonly TimeSpan s_askAgainAfter = TimeSpan.FromSeconds(1);
    private readonly TcpClient _client;
    private readonly StreamReader _from;
    private readonly StreamWriter _to;
    private int _asked;

    private NatsRequests(TcpClient client)
    {
        _client = client;
        _from = new StreamReader(client.GetStream(), Encoding.ASCII);
        _to = new StreamWriter(client.GetStream(), Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
    }

    /// <summary>Connects to a server of this machine.</summary>
    public static async Task<NatsRequests> OpenAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        var requests = new NatsRequests(client);
        await requests._to.WriteLineAsync("""CONNECT {"verbose":false,"pedantic":false}""");
        await requests._to.WriteLineAsync("SUB answer.* 1");
        return requests;
    }

    /// <summary>Asks.</summary>
    /// <returns>The answer, which must be one line of ASCII.</returns>
    public async Task<string> AskAsync(string subject, CancellationToken end)
    {
        var reply = string.Create(CultureInfo.InvariantCulture, $"answer.{++_asked}");
        var answer = AnswerAsync(reply, end);
        while (!answer.IsCompleted) // there is nobody to answer while a leader is chosen
        {
            await _to.WriteLineAsync($"PUB {subject} {reply} 0\r\n");
            await Task.WhenAny(answer, Task.Delay(s_askAgainAfter, end));
        }

        return await answer;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<string> AnswerAsync(string reply, CancellationToken end)
    {
        while (true)
        {
            var line = await _from.ReadLineAsync(end) ?? throw new IOException("The server has closed the connection.");
            if (line.StartsWith("PING", StringComparison.Ordinal))
                await _to.WriteLineAsync("PONG");
            if (!line.StartsWith("MSG ", StringComparison.Ordinal))
                continue;
            var text = await _from.ReadLineAsync(end) ?? "";
            if (line.Split(' ')[1] == reply)
                return text;
        }
    }
}
