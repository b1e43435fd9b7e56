using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace FaceLandmark.Mqtt;

/// <summary>
/// The broker of a node without one: on loopback, for anybody on this machine, retained messages in memory. The link connects to it by TCP
/// like to any other.
/// </summary>
internal sealed class EmbeddedBroker : IAsyncDisposable
{
    // A subscriber that cannot keep up loses its oldest messages, not this process its memory.
    private const int PendingPerClient = 256;

    /// <summary>Bytes of the largest packet it accepts; clients of MQTT 5 learn it when they connect.</summary>
    internal const int PacketBytesAtMost = 2 << 20;

    /// <summary>Connections at once.</summary>
    internal const int ConnectionsAtMost = 128;

    // MQTTnet waits 100 s for a client that connects and says nothing.
    private static readonly TimeSpan s_connectWithin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_drainAtMost = TimeSpan.FromSeconds(1);

    private readonly MqttServer _server;
    private readonly MqttServerOptions _serverOptions;
    private readonly UnsentMessages _unsent = new();
    private readonly TimeProvider _time;
    private readonly ILogger<EmbeddedBroker> _logger;

    /// <summary>Prepares the broker of a node.</summary>
    /// <param name="options">The port on 127.0.0.1; 0 lets the system choose.</param>
    /// <param name="owner">The node's own connection: only it writes the node's topics. Null: anybody writes any.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public EmbeddedBroker(MqttOptions options, BrokerSettings? owner, TimeProvider time, ILogger<EmbeddedBroker> logger)
    {
        _time = time;
        _logger = logger;
        _serverOptions = new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .WithDefaultEndpointPort(options.Port)
            .WithDefaultCommunicationTimeout(s_connectWithin)
            .WithMaxPendingMessagesPerClient(PendingPerClient)
            .WithPendingMessagesOverflowStrategy(MqttPendingMessagesOverflowStrategy.DropOldestQueuedMessage)
            .Build();

        _server = new MqttServerFactory().CreateMqttServer(
            _serverOptions,
            [new BrokerClientAdapter(new LoopbackAdapter(PacketBytesAtMost, ConnectionsAtMost), PacketBytesAtMost)]
        );
        var guard = new BrokerGuard(owner);
        _server.ValidatingConnectionAsync += async client =>
        {
            if (string.IsNullOrEmpty(client.ClientId))
                client.AssignedClientIdentifier = Guid.NewGuid().ToString("N");
            await guard.ValidateAsync(client);
            if (client.ReasonCode == MqttConnectReasonCode.Success)
                Watch(client);
        };
        _server.InterceptingPublishAsync += guard.ValidateAsync;
        _server.InterceptingClientEnqueueAsync += message =>
        {
            _unsent.Queued(message.ReceiverClientId);
            return Task.CompletedTask;
        };
        _server.QueuedApplicationMessageOverwrittenAsync += message =>
        {
            _unsent.Settled(message.ReceiverClientId);
            return Task.CompletedTask;
        };
        _server.ClientDisconnectedAsync += client =>
        {
            _unsent.Disconnected(client.ClientId);
            return Task.CompletedTask;
        };
    }

    /// <summary>The port it listens on.</summary>
    public int Port => _serverOptions.DefaultEndpointOptions.Port;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="EmbeddedBrokerException">It cannot have the port; the message says why and what to do.</exception>
    public async Task StartAsync()
    {
        try
        {
            await _server.StartAsync();
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new EmbeddedBrokerException(
                $"Port {Port} on loopback is taken, probably by another broker or node: set Mqtt:Port to a free one, "
                    + "or Mqtt:Host to use that broker.",
                failure
            );
        }
        catch (SocketException failure)
        {
            throw new EmbeddedBrokerException(
                $"The embedded broker cannot listen on port {Port} of loopback ({failure.SocketErrorCode}): set Mqtt:Port to another one, "
                    + "or Mqtt:Host to use a broker.",
                failure
            );
        }

        _logger.EmbeddedBrokerStarted(Port);
    }

    /// <summary>Lets subscribers have what they were sent (for a second at most), disconnects everybody and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server.IsStarted)
        {
            await DrainAsync();
            await _server.StopAsync(new MqttServerStopOptions());
        }

        _server.Dispose();
    }

    // MQTTnet throws away what waits when it stops.
    private async Task DrainAsync()
    {
        try
        {
            await _unsent.WhenNoneAsync().WaitAsync(s_drainAtMost, _time);
        }
        catch (TimeoutException)
        {
            // A subscriber that reads too slowly does not hold up the stop.
        }
    }

    private void Watch(ValidatingConnectionEventArgs client)
    {
        var name = string.IsNullOrEmpty(client.ClientId) ? client.AssignedClientIdentifier : client.ClientId;
        _unsent.Connected(name);
        ((BrokerClientChannel)client.ChannelAdapter).MessageWritten = () => _unsent.Settled(name);
    }
}
