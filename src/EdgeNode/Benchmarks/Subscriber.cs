using System.Diagnostics;
using FaceLandmark.Configuration;
using FaceLandmark.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// The receiving end: a subscriber at the configured broker, or at an embedded one that this process serves. Messages are only kept while
/// they come, and read afterwards.
/// </summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private static readonly TimeSpan s_goodbyeWithin = TimeSpan.FromSeconds(5);

    private readonly EdgeNodeOptions _options;
    private readonly Lock _lock = new();
    private readonly List<(byte[] Payload, long At)> _messages = [];
    private readonly HashSet<string> _retained = [];
    private TaskCompletionSource _first = NewSignal();
    private TaskCompletionSource _goodbye = NewSignal();
    private EmbeddedBroker? _broker;
    private BrokerVisit? _visit;
    private LinkConnection? _connection;

    private Subscriber(EdgeNodeOptions options) => _options = options;

    /// <summary>Where the broker listens.</summary>
    public string Host { get; private set; } = "";

    /// <summary>Port of the broker.</summary>
    public int Port { get; private set; }

    /// <summary>Whether the broker is this process's, so that its processor time is known.</summary>
    public bool IsEmbedded => _broker is not null;

    /// <summary>Connects, after starting a broker where none is configured.</summary>
    /// <exception cref="BenchException">The broker cannot be reached.</exception>
    public static async Task<Subscriber> StartAsync(EdgeNodeOptions options, CancellationToken cancellationToken)
    {
        var subscriber = new Subscriber(options);
        try
        {
            await subscriber.ConnectAsync(cancellationToken);
            return subscriber;
        }
        catch
        {
            await subscriber.DisposeAsync();
            throw;
        }
    }

    /// <summary>The name that nodes must have to be heard; one at a time.</summary>
    public string Node { get; } = $"bench-{Guid.NewGuid().ToString("N")[..8]}";

    /// <summary>Forgets what came so far: a node is about to start.</summary>
    public void Expect()
    {
        lock (_lock)
        {
            _messages.Clear();
            (_first, _goodbye) = (NewSignal(), NewSignal());
        }
    }

    /// <summary>Completes with the first landmarks message of the expected node.</summary>
    public Task First => _first.Task;

    /// <summary>The landmarks messages of the expected node, once it has said goodbye; whatever came when it says none.</summary>
    public async Task<IReadOnlyList<Arrival>> CollectAsync()
    {
        await Task.WhenAny(_goodbye.Task, Task.Delay(s_goodbyeWithin));
        lock (_lock)
            return [.. _messages.Select(message => Arrival.Of(message.Payload, NodeTrial.Nanoseconds(message.At)))];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var within = new CancellationTokenSource(s_goodbyeWithin);
        if (_connection is { Lost.IsCompleted: false })
        {
            try
            {
                // What a broker of others would keep of nodes that never come back.
                foreach (var topic in _broker is null ? _retained.ToList() : [])
                    await _connection.Sender.SendStateAsync(topic, [], within.Token);
                await _connection.DisconnectAsync(within.Token);
            }
            catch (OperationCanceledException)
            {
                // A broker that does not answer gets no goodbye.
            }
        }

        _connection?.Dispose();
        _visit?.Dispose();
        if (_broker is not null)
            await _broker.DisposeAsync();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var mqtt = _options.Mqtt;
        if (mqtt.Host.Length == 0)
        {
            mqtt = mqtt with { Host = "127.0.0.1", Port = FreePort.Find() };
            _broker = new EmbeddedBroker(mqtt, null, TimeProvider.System, NullLogger<EmbeddedBroker>.Instance);
            await _broker.StartAsync();
        }

        (Host, Port) = (mqtt.Host, mqtt.Port);
        // The nodes go to the same place, and to no other.
        _visit = new BrokerVisit(mqtt with { Failover = "" }, "bench", TimeProvider.System);
        var filter = $"{new MqttTopics(mqtt.BaseTopic, Node, []).Base}/#";
        (_connection, var fault) = await _visit.TryConnectAsync([new Subscription(filter, Receive, false, [], Qos: 0)], cancellationToken);
        if (_connection is null)
            throw new BenchException($"{fault} Without Mqtt:Host a broker is part of the benchmark.");
    }

    private void Receive(InboundMessage message)
    {
        var at = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            if (message.Topic.EndsWith("/landmarks", StringComparison.Ordinal))
            {
                _messages.Add((message.Payload.ToArray(), at));
                _first.TrySetResult();
                return;
            }

            _retained.Add(message.Topic);
            if (message.Topic.EndsWith("/status", StringComparison.Ordinal) && message.Payload.Span.SequenceEqual(NodeStatus.Stopped))
                _goodbye.TrySetResult();
        }
    }
}
