using System.Buffers;
using System.Diagnostics;
using FaceLandmark.Configuration;
using FaceLandmark.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Protocol;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// The receiving end: a subscriber at the configured broker, or at an embedded one that this process serves. Messages are only kept while
/// they come, and read afterwards.
/// </summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private static readonly TimeSpan s_goodbyeWithin = TimeSpan.FromSeconds(5);

    private readonly EdgeNodeOptions _options;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Lock _lock = new();
    private readonly List<(byte[] Payload, long At)> _messages = [];
    private readonly HashSet<string> _retained = [];
    private TaskCompletionSource _first = NewSignal();
    private TaskCompletionSource _goodbye = NewSignal();
    private EmbeddedBroker? _broker;

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
        if (_client.IsConnected)
        {
            // What a broker of others would keep of nodes that never come back.
            foreach (var topic in _broker is null ? _retained.ToList() : [])
                await _client.PublishStringAsync(topic, null, MqttQualityOfServiceLevel.AtLeastOnce, retain: true);
            await _client.DisconnectAsync();
        }

        _client.Dispose();
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
        var topics = new MqttTopics(mqtt.BaseTopic, Node, []);
        _client.ApplicationMessageReceivedAsync += Receive;
        var dialect = new BrokerDialect(mqtt.Version);
        for (var isAsked = true; isAsked;)
        {
            var settings = new BrokerSettings(mqtt with { ClientId = Node }, topics, Node).Create(dialect);
            settings.WillTopic = null;
            try
            {
                var answer = await _client.ConnectAsync(settings, cancellationToken);
                isAsked = answer.ResultCode != MqttClientConnectResultCode.Success;
                if (isAsked && !dialect.Refused(answer.ResultCode, null))
                    throw new BenchException($"The broker {Host}:{Port} refuses ({answer.ResultCode}): `doctor` says more.");
            }
            catch (Exception failure) when (failure is not (BenchException or OperationCanceledException))
            {
                throw new BenchException(
                    $"The broker {Host}:{Port} cannot be reached ({failure.Message}): `doctor` says more, and without Mqtt:Host a broker "
                        + "is part of the benchmark.",
                    failure
                );
            }
        }

        await _client.SubscribeAsync($"{topics.Base}/#", MqttQualityOfServiceLevel.AtMostOnce, cancellationToken);
    }

    private Task Receive(MqttApplicationMessageReceivedEventArgs args)
    {
        var at = Stopwatch.GetTimestamp();
        var message = args.ApplicationMessage;
        lock (_lock)
        {
            if (message.Topic.EndsWith("/landmarks", StringComparison.Ordinal))
            {
                _messages.Add((message.Payload.ToArray(), at));
                _first.TrySetResult();
                return Task.CompletedTask;
            }

            _retained.Add(message.Topic);
            if (
                message.Topic.EndsWith("/status", StringComparison.Ordinal)
                && message.Payload.ToArray().AsSpan().SequenceEqual(NodeStatus.Stopped)
            )
                _goodbye.TrySetResult();
        }

        return Task.CompletedTask;
    }
}
