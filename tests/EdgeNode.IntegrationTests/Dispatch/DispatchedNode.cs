using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using FaceLandmark.Configuration;
using FaceLandmark.Hosting;
using FaceLandmark.Inference;
using FaceLandmark.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using MQTTnet;

namespace FaceLandmark.Tests.Dispatch;

/// <summary>A node on the demo with the emulated DRP-AI, a broker, and a subscriber that was there before it.</summary>
internal sealed class DispatchedNode : IAsyncDisposable
{
    private readonly EmbeddedBroker _broker;
    private readonly IMqttClient _subscriber = new MqttClientFactory().CreateMqttClient();
    private readonly EdgeNodeOptions _options;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DispatchedNode(string mode, int port, (string Key, string Value)[] settings)
    {
        _options = new ConfigurationSources(
            Settings: new Dictionary<string, string?>(settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value))
            {
                ["Node:Name"] = "n",
                ["Dispatch:Mode"] = mode,
                ["Engines:DrpAi:Device"] = "emulated",
                ["Engines:Onnx:Threads"] = "1",
                ["Mqtt:Host"] = "127.0.0.1",
                ["Mqtt:Port"] = $"{port}",
                ["Mqtt:QueueLength"] = "10000",
                ["Dispatch:SlowAfter"] = "30s", // a machine with other work is slow, and that is not what the tests are about
                ["Dispatch:OrderWindow"] = "60s",
                ["Web:Port"] = "0",
            }
        ).Load();
        _broker = new EmbeddedBroker(_options.Mqtt with { Host = "" }, null, TimeProvider.System, NullLogger<EmbeddedBroker>.Instance);
    }

    /// <summary>What was published, in order: topic and message.</summary>
    public ConcurrentQueue<(string Topic, JsonElement Message)> Messages { get; } = [];

    public FakeLogCollector Log { get; } = new();

    /// <summary>Called for each landmarks message.</summary>
    public Action<JsonElement> OnLandmarks { get; set; } = _ => { };

    public static async Task<DispatchedNode> StartAsync(string mode, params (string Key, string Value)[] settings)
    {
        var port = Ports.Free();
        var node = new DispatchedNode(mode, port, settings);
        await node._broker.StartAsync();
        node._subscriber.ApplicationMessageReceivedAsync += node.ReceiveAsync;
        await node._subscriber.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("subscriber").Build()
        );
        foreach (var topic in (string[])["compare", "info", "cameras/+/landmarks", "status"])
            await node._subscriber.SubscribeAsync($"facelandmark/n/{topic}");
        return node;
    }

    /// <summary>Runs for so many frames and waits for the last message.</summary>
    public async Task<RunReport> RunAsync(
        int? frames,
        Func<ILandmarkEngine, ILandmarkEngine>? beforeDrpAi = null,
        TimeProvider? time = null
    )
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(Log)));
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        var node = new Node(_options, new RunLimits(Frames: frames), loggers, meters, time ?? TimeProvider.System)
        {
            Seams = new NodeSeams { DrpAi = beforeDrpAi ?? (engine => engine) },
        };
        var outcome = await node.RunAsync(TestContext.Current.CancellationToken);
        Assert.Null(outcome.Fault);
        await _stopped.Task.InTimeAsync();
        return outcome.Report!;
    }

    public IReadOnlyList<JsonElement> On(string topic) =>
        [.. Messages.Where(message => message.Topic.EndsWith("/" + topic, StringComparison.Ordinal)).Select(message => message.Message)];

    public async ValueTask DisposeAsync()
    {
        _subscriber.Dispose();
        await _broker.DisposeAsync();
    }

    private Task ReceiveAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        var topic = received.ApplicationMessage.Topic;
        var text = received.ApplicationMessage.ConvertPayloadToString();
        if (topic.EndsWith("/status", StringComparison.Ordinal))
        {
            if (text == "stopped")
                _stopped.TrySetResult();
            return Task.CompletedTask;
        }

        var message = JsonSerializer.Deserialize<JsonElement>(text);
        Messages.Enqueue((topic, message));
        if (topic.EndsWith("/landmarks", StringComparison.Ordinal))
            OnLandmarks(message);
        return Task.CompletedTask;
    }
}
