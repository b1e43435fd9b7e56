using System.Net.Security;
using System.Net.WebSockets;

namespace FaceLandmark.Mqtt;

/// <summary>
/// Bare connections to the node's broker for somebody else: over the same way and with the same proof of the broker's certificate, but
/// without the node's account or certificate. Its user logs in with an account of his own.
/// </summary>
internal sealed class BrokerLine(MqttOptions options, BrokerSettings broker)
{
    private static readonly TimeSpan s_closeWithin = TimeSpan.FromSeconds(1);

    /// <summary>Connects.</summary>
    /// <returns>The stream that carries MQTT.</returns>
    /// <exception cref="Exception">It failed; <see cref="Explain"/> says why.</exception>
    public Task<Stream> OpenAsync(CancellationToken cancellationToken) =>
        options.Transport == MqttTransport.WebSocket ? OpenWebSocketAsync(cancellationToken) : OpenTcpAsync(cancellationToken);

    /// <summary>What to tell people about a failure: a sentence.</summary>
    public string Explain(Exception failure) => LinkFault.OfFailure(failure, broker).Sentence;

    private async Task<Stream> OpenTcpAsync(CancellationToken cancellationToken)
    {
        var stream = await new BrokerSocket().ConnectAsync(BrokerSocket.EndPoint(broker.Host, broker.Port), cancellationToken);
        try
        {
            if (!broker.UsesTls)
                return stream;
            var secure = new SslStream(stream);
            stream = secure;
            await secure.AuthenticateAsClientAsync(broker.Certificate.CreateForOthers(), cancellationToken);
            return secure;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private async Task<Stream> OpenWebSocketAsync(CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol("mqtt");
            if (broker.UsesTls)
                socket.Options.RemoteCertificateValidationCallback = broker
                    .Certificate.CreateForOthers()
                    .RemoteCertificateValidationCallback;
            await socket.ConnectAsync(new Uri(broker.WebSocketAddress), cancellationToken);
            return WebSocketStream.Create(socket, WebSocketMessageType.Binary, s_closeWithin);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
