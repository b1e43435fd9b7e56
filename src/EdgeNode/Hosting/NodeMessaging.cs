using FaceLandmark.Mqtt;
using FaceLandmark.Publish;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Hosting;

/// <summary>
/// A node's way to its broker: the outbox, the link with figures and log lines on it, and the broker itself where the node serves its own.
/// </summary>
internal sealed class NodeMessaging : IAsyncDisposable
{
    private readonly NodeContext _node;
    private readonly Outbox? _outbox;
    private readonly MqttLogProvider _log;
    private readonly StatsPublisher _stats;
    private readonly EmbeddedBroker? _broker;
    private readonly Task _brokerStart;

    /// <summary>Puts it together; its own broker begins to start.</summary>
    public NodeMessaging(NodeContext node)
    {
        _node = node;
        var (options, _, identity, metrics, loggers, time) = node;
        Topics = new MqttTopics(options.Mqtt.BaseTopic, identity.Name, options.Cameras.Select(camera => camera.Name));
        Settings = new BrokerSettings(options.Mqtt, Topics, identity.Session);
        _outbox = options.Outbox.File.Length > 0 ? new Outbox(options.Outbox, metrics, time, loggers.CreateLogger<Outbox>()) : null;
        Link = new MqttLink(Settings, metrics, time, loggers.CreateLogger<MqttLink>(), _outbox);
        _log = new MqttLogProvider(Link, Topics, identity, time);
        loggers.AddProvider(_log);
        _stats = new StatsPublisher(Link, Topics, identity, options.Diagnostics, metrics, time);
        HomeAssistant.Announce(Link, Topics, options.HomeAssistant, options.Privacy.Preview != PicturePrivacy.Off);
        _broker =
            options.Mqtt.Host.Length == 0 ? new EmbeddedBroker(options.Mqtt, Settings, time, loggers.CreateLogger<EmbeddedBroker>()) : null;
        _brokerStart = _broker?.StartAsync() ?? Task.CompletedTask;
    }

    /// <summary>The node's topics.</summary>
    public MqttTopics Topics { get; }

    /// <summary>The broker.</summary>
    public BrokerSettings Settings { get; }

    /// <summary>The connection.</summary>
    public MqttLink Link { get; }

    /// <summary>Whether landmarks go through the outbox.</summary>
    public bool KeepsLandmarks => _outbox is not null && _node.Options.Outbox.Landmarks;

    /// <summary>What is wrong with the outbox; null: nothing.</summary>
    public string? OutboxTrouble => _outbox?.Trouble;

    /// <summary>The broker, for people.</summary>
    public string Broker =>
        _broker is null
            ? $"broker {Settings.Address}"
            : $"embedded broker on port {_node.Options.Mqtt.Port}";

    /// <summary>Waits until the node's own broker listens.</summary>
    /// <exception cref="EmbeddedBrokerException">It cannot.</exception>
    public Task BrokerStartedAsync() => _brokerStart;

    /// <summary>Connects. A broker that is there gets the very first frame; one that is not holds nothing up for long.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Link.Start();
        try
        {
            await Link.WaitUntilOnlineAsync(cancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(1), _node.Time, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The link keeps trying and has told so.
        }
    }

    /// <summary>Sends what waits, and says goodbye.</summary>
    public async Task StopAsync()
    {
        if (_outbox is not null)
            await _outbox.CompleteAsync().ConfigureAwait(false);
        _log.Flush();
        await _stats.DisposeAsync().ConfigureAwait(false); // figures that come during the goodbye would count as lost
        await Link.StopAsync(_node.Options.Node.DrainFor).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stats.DisposeAsync().ConfigureAwait(false);
        _log.Dispose();
        await Link.DisposeAsync().ConfigureAwait(false);
        if (_outbox is not null)
            await _outbox.DisposeAsync().ConfigureAwait(false);
        if (_broker is not null)
            await _broker.DisposeAsync().ConfigureAwait(false);
    }
}
