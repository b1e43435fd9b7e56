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
    public static IReadOnlyList<string> All { get; } = [Mosquitto, Embedded, Nats, RabbitMq];

    /// <summary>Those that a test at every broker takes in this run: all, or the one that the whole suite runs at.</summary>
    public static TheoryData<string> Kinds => ChosenBroker.IsNamed ? [ChosenBroker.Kind] : [.. All];

    /// <summary>Starts one.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="folder">Where it keeps what it keeps.</param>
    /// <param name="port">The port.</param>
    /// <param name="rules">What it demands of clients; null: nothing.</param>
    public static async Task<IAsyncDisposable> StartAsync(string kind, string folder, int port, BrokerRules? rules = null)
    {
        switch (kind)
        {
            case Mosquitto:
                return await MosquittoBroker.StartAsync(port, folder, rules ?? new BrokerRules());
            case Nats:
                return await NatsBroker.StartAsync(folder, port, rules);
            case RabbitMq:
                return await RabbitBroker.StartAsync(folder, port, rules);
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
