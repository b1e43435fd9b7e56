using FaceLandmark.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Tests.Brokers;

/// <summary>A broker of one of the kinds that the node is tested with, alike to start and to end.</summary>
internal static class AnyBroker
{
    public const string Mosquitto = "mosquitto";
    public const string Embedded = "embedded";
    public const string Nats = "NATS";
    public const string RabbitMq = "RabbitMQ";

    /// <summary>All of them.</summary>
    public static TheoryData<string> Kinds => [Mosquitto, Embedded, Nats, RabbitMq];

    /// <summary>Starts one.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="folder">Where it keeps what it keeps.</param>
    /// <param name="port">The port.</param>
    public static async Task<IAsyncDisposable> StartAsync(string kind, string folder, int port)
    {
        switch (kind)
        {
            case Mosquitto:
                return await MosquittoBroker.StartAsync(port);
            case Nats:
                return await NatsBroker.StartAsync(folder, port);
            case RabbitMq:
                return await RabbitBroker.StartAsync(folder, port);
            default:
                var broker = new EmbeddedBroker(
                    new MqttOptions { Port = port },
                    null,
                    TimeProvider.System,
                    NullLogger<EmbeddedBroker>.Instance
                );
                await broker.StartAsync();
                return broker;
        }
    }
}
