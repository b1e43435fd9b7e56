namespace FaceLandmark.Tests.Brokers;

/// <summary>
/// The broker at which the MQTT suite runs: mosquitto, or the one that <c>FACELANDMARK_BROKER</c> names (<c>./test.sh --only mqtt --broker
/// NAME</c>). Disposing kills it, as a power cut would; nothing it retained survives.
/// </summary>
internal sealed class ChosenBroker : IAsyncDisposable
{
    private const string Old = "speaks MQTT 3.1.1 only";

    private static readonly Dictionary<(string Kind, BrokerAbility Ability), string> s_cannot = new()
    {
        [(AnyBroker.Embedded, BrokerAbility.Refusals)] = "has no access list",
        [(AnyBroker.Embedded, BrokerAbility.AnnouncedLimits)] = "has limits that no setting changes",
        [(AnyBroker.Embedded, BrokerAbility.LargestMessage)] = "has limits that no setting changes",
        [(AnyBroker.Embedded, BrokerAbility.Accounts)] = "has no accounts",
        [(AnyBroker.Embedded, BrokerAbility.OwnProcess)] = "runs inside the node's process and cannot hang alone",
        [(AnyBroker.Nats, BrokerAbility.Version5)] = Old,
        [(AnyBroker.Nats, BrokerAbility.Refusals)] = Old,
        [(AnyBroker.Nats, BrokerAbility.AnnouncedLimits)] = Old,
        [(AnyBroker.Nats, BrokerAbility.LargestMessage)] = "has no setting for the largest message of MQTT",
        [(AnyBroker.Nats, BrokerAbility.AnyTopic)] = "ends the connection for a topic with a dot or a space",
        [(AnyBroker.RabbitMq, BrokerAbility.AnyTopic)] = "takes a dot in a topic for a slash and an asterisk for a plus",
        [(AnyBroker.RabbitMq, BrokerAbility.Version5)] = Old,
        [(AnyBroker.RabbitMq, BrokerAbility.Refusals)] = Old,
        [(AnyBroker.RabbitMq, BrokerAbility.AnnouncedLimits)] = Old,
        [(AnyBroker.RabbitMq, BrokerAbility.LargestMessage)] = "has no setting for the largest message of MQTT",
        [(AnyBroker.RabbitMq, BrokerAbility.RetainedByWildcard)] = "gives retained messages to plain topics only",
    };

    private readonly IAsyncDisposable _broker;
    private readonly string _folder;

    private ChosenBroker(IAsyncDisposable broker, string folder, int port) => (_broker, _folder, Port) = (broker, folder, port);

    /// <summary>Which one it is.</summary>
    public static string Kind { get; } = Choose(Environment.GetEnvironmentVariable("FACELANDMARK_BROKER") ?? "");

    /// <summary>Whether this run is for one broker.</summary>
    public static bool IsNamed { get; } = Environment.GetEnvironmentVariable("FACELANDMARK_BROKER") is { Length: > 0 };

    /// <summary>Whether it speaks MQTT 5; otherwise 3.1.1.</summary>
    public static bool SpeaksMqtt5 => !s_cannot.ContainsKey((Kind, BrokerAbility.Version5));

    /// <summary>Arguments that make mosquitto's programs speak what it speaks.</summary>
    public static string[] Version => ["-V", SpeaksMqtt5 ? "mqttv5" : "mqttv311"];

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>What brokers cannot do: which one, and the end of a sentence that begins with its name.</summary>
    public static IEnumerable<(string Kind, string Reason)> Reasons => s_cannot.Select(row => (row.Key.Kind, row.Value)).Distinct();

    /// <summary>Whether it can do what a test needs.</summary>
    public static bool Has(BrokerAbility ability) => !s_cannot.ContainsKey((Kind, ability));

    /// <summary>Skips the test, with the reason, at a broker that cannot do what it needs.</summary>
    public static void Needs(params IEnumerable<BrokerAbility> abilities)
    {
        foreach (var ability in abilities)
            Assert.SkipWhen(s_cannot.TryGetValue((Kind, ability), out var reason), $"{Kind} {reason}.");
    }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="port">The port; 0: a free one.</param>
    /// <param name="rules">What it demands of clients.</param>
    public static async Task<ChosenBroker> StartAsync(int port = 0, BrokerRules? rules = null)
    {
        var folder = Directory.CreateTempSubdirectory("broker-").FullName;
        port = port == 0 ? Ports.Free() : port;
        try
        {
            return new ChosenBroker(await AnyBroker.StartAsync(Kind, folder, port, rules), folder, port);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Holds it where it is: its connections stay, nothing answers. <see cref="Thaw"/> lets it go on.</summary>
    public void Freeze() => ((IFreezable)_broker).Freeze();

    /// <summary>Ends <see cref="Freeze"/>.</summary>
    public void Thaw() => ((IFreezable)_broker).Thaw();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!Directory.Exists(_folder))
            return; // a test killed it before its end
        await _broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Choose(string name) =>
        name.Length == 0
            ? AnyBroker.Mosquitto
            : AnyBroker.All.FirstOrDefault(kind => kind.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw new InvalidOperationException(
                    $"FACELANDMARK_BROKER is '{name}'; the brokers are {string.Join(", ", AnyBroker.All)}."
                );
}
