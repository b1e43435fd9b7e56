using System.Buffers;
using System.Net.Sockets;
using System.Net.WebSockets;
using FaceLandmark.Mqtt;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Web;

/// <summary>
/// MQTT over WebSocket for the live page: the bytes of a WebSocket go to the node's broker and back, as they are. It adds no right: the
/// viewer logs in with an account of the broker's. Each side is read only as fast as the other takes it, so a slow viewer's messages pile
/// up, and are dropped, in the broker, which has limits for that.
/// </summary>
/// <param name="brokers">The way to the broker.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Logs viewers that connect and disconnect.</param>
internal sealed class BrokerBridge(BrokerLine brokers, TimeProvider time, ILogger<LivePage> logger)
{
    internal const int ViewersAtMost = 64;
    internal const string Protocol = "mqtt";
    private const int BufferBytes = 16 * 1024;
    private static readonly TimeSpan s_connectWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_firstWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_stalledAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_closeWithin = TimeSpan.FromSeconds(1);
    private static readonly string s_tooMany = $"{ViewersAtMost} viewers are connected, which is the limit: close one of them.";
    private int _viewers;

    /// <summary>Carries one viewer until one side ends.</summary>
    /// <param name="context">The request.</param>
    /// <param name="stop">The page ends.</param>
    public async Task AnswerAsync(HttpContext context, CancellationToken stop)
    {
        if (!context.WebSockets.IsWebSocketRequest || !context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol))
        {
            await HttpServer.SayAsync(
                context,
                StatusCodes.Status426UpgradeRequired,
                $"Speak MQTT here, over a WebSocket with the sub-protocol '{Protocol}'."
            );
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stop);
        try
        {
            var viewers = Interlocked.Increment(ref _viewers);
            if (viewers > ViewersAtMost)
            {
                await HttpServer.SayAsync(context, StatusCodes.Status503ServiceUnavailable, s_tooMany);
                return;
            }

            var (broker, trouble) = await OpenAsync(end.Token);
            if (broker is null)
            {
                await HttpServer.SayAsync(context, StatusCodes.Status502BadGateway, trouble);
                return;
            }

            await using var line = broker;
            using var socket = await context.WebSockets.AcceptWebSocketAsync(Protocol);
            var from = $"{context.Connection.RemoteIpAddress}";
            logger.ViewerCame(from, viewers);
            logger.ViewerWent(from, await CarryAsync(socket, broker, end));
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The viewer, or the page, went meanwhile.
        }
        finally
        {
            Interlocked.Decrement(ref _viewers);
        }
    }

    /// <summary>
    /// Why a viewer cannot be carried now, in a sentence; empty: nothing is known against it. Scripts are not told why a WebSocket fails.
    /// </summary>
    public async Task<string> TroubleAsync(CancellationToken end)
    {
        if (Volatile.Read(ref _viewers) >= ViewersAtMost)
            return s_tooMany;
        var (broker, trouble) = await OpenAsync(end);
        if (broker is not null)
            await broker.DisposeAsync();
        return trouble;
    }

    private async Task<(Stream? Broker, string Trouble)> OpenAsync(CancellationToken end)
    {
        using var limit = new CancellationTokenSource(s_connectWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, end);
        try
        {
            return (await brokers.OpenAsync(either.Token), "");
        }
#pragma warning disable CA1031 // an edge: the viewer learns what keeps the broker away
        catch (Exception failure) when (!end.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return (null, brokers.Explain(failure));
        }
    }

    private async Task<string> CarryAsync(WebSocket socket, Stream broker, CancellationTokenSource end)
    {
        await using var viewer = WebSocketStream.Create(socket, WebSocketMessageType.Binary);
        // Who says nothing has no place to keep: a page says CONNECT at once.
        using var first = new CancellationTokenSource(s_firstWithin, time);
        await using var silence = first.Token.Register(end.Cancel);
        var up = CopyAsync(
            viewer,
            broker,
            "the viewer has left",
            "the broker no longer accepts data",
            end.Token,
            () => silence.Unregister()
        );
        var down = CopyAsync(broker, viewer, "the broker has closed the connection", "it no longer accepts data", end.Token);
        var reason = await await Task.WhenAny(up, down);
        if (up.IsCompleted)
        {
            await end.CancelAsync();
            await down;
        }

        // What the broker said last, often why it refuses, must arrive: the viewer ends the connection then.
        using var limit = new CancellationTokenSource(s_closeWithin, time);
        await CloseAsync(socket, limit.Token);
        await using var link = limit.Token.Register(end.Cancel);
        await up;
        return reason;
    }

    private static async Task CloseAsync(WebSocket socket, CancellationToken end)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, end);
        }
        catch (Exception broken) when (broken is OperationCanceledException or WebSocketException or IOException)
        {
            // It has gone meanwhile.
        }
    }

    /// <summary>Copies until the source ends, either side breaks or the target takes nothing for too long.</summary>
    private async Task<string> CopyAsync(Stream from, Stream to, string ended, string stuck, CancellationToken end, Action? began = null)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        using var stalled = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var link = end.Register(stalled.Cancel);
        try
        {
            int length;
            while ((length = await from.ReadAsync(buffer, end)) > 0)
            {
                began?.Invoke();
                began = null;
                stalled.CancelAfter(s_stalledAfter);
                await to.WriteAsync(buffer.AsMemory(0, length), stalled.Token);
                stalled.CancelAfter(Timeout.InfiniteTimeSpan);
            }

            return ended;
        }
        catch (OperationCanceledException)
        {
            return end.IsCancellationRequested ? ended : stuck;
        }
        catch (Exception broken) when (broken is IOException or WebSocketException or SocketException or ObjectDisposedException)
        {
            return broken.Message;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
