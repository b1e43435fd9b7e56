using System.Diagnostics.Metrics;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Diagnostics;
using FaceLandmark.Hosting;
using FaceLandmark.Inference.DrpAi;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;
using FaceLandmark.Publish;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Soak;

/// <summary>
/// A whole node in this process on demo cameras, with a broker of its own behind a faulty line, under faults that a seed fixes. Every frame
/// and every event is accounted for at the end.
/// </summary>
/// <param name="options">The settings; cameras, broker, outbox and what others may ask of the node are the soak's own.</param>
/// <param name="seed">Fixes the faults.</param>
/// <param name="duration">How long; at least <see cref="SoakPlan.Least"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class SoakRun(EdgeNodeOptions options, int seed, TimeSpan duration, TimeProvider time)
{
    private static readonly string[] s_cameras = ["cam0", "cam1"];
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_stopWithin = TimeSpan.FromSeconds(30);

    private readonly FaultSwitches _faults = new(time);
    private readonly Dictionary<string, int> _made = [];
    private SoakSamples _samples = new(duration, time);
    private NodeMetrics? _figures;

    /// <summary>Runs it.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop; there is no verdict.</exception>
    public async Task<SoakReport> RunAsync(CancellationToken cancellationToken)
    {
        using var disk = new SmallDisk(_faults);
        await using var broker = new EmbeddedBroker(new MqttOptions { Port = 0 }, null, time, NullLogger<EmbeddedBroker>.Instance);
        await broker.StartAsync().ConfigureAwait(false);
        await using var line = new FaultyLine(broker.Port, _faults);
        var settings = Settings(line.Port, disk.Folder);
        using var witness = new SoakWitness(broker.Port, new MqttTopics(settings.Mqtt.BaseTopic, settings.Node.Name, s_cameras), time);
        await witness.StartAsync(cancellationToken).ConfigureAwait(false);

        using var bugs = new BugLog();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(bugs));
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var node = new Node(settings, new RunLimits(), loggers, services.GetRequiredService<IMeterFactory>(), time)
        {
            Seams = new NodeSeams
            {
                Sources = factory => new FaultySources(factory, s_cameras, _faults),
                Cpu = engine => new FaultyEngine(engine, isAccelerator: false, _faults),
                DrpAi = engine => new FaultyEngine(engine, isAccelerator: true, _faults),
                Figures = figures => _figures = figures,
            },
        };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = Task.Run(() => node.RunAsync(stop.Token), CancellationToken.None);
        while (_figures is not { FramesOut: > 0 } && !running.IsCompleted && !cancellationToken.IsCancellationRequested)
            await Task.WhenAny(running, Task.Delay(s_lookEvery, time, cancellationToken)).ConfigureAwait(false);
        var began = time.GetTimestamp();
        _samples = new SoakSamples(duration, time);
        var handles = await DisturbAsync(disk.IsOwn, running, cancellationToken).ConfigureAwait(false);
        var seconds = time.GetElapsedTime(began).TotalSeconds;
        var atEnd = SoakSamples.Handles;
        await stop.CancelAsync().ConfigureAwait(false);
        var outcome = await running.ConfigureAwait(false);
        await witness.GoodbyeAsync(s_stopWithin, time).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return Report(outcome, witness, bugs.Lines) with { Seconds = Math.Round(seconds, 1), Handles = new(handles, atEnd) };
    }

    /// <summary>Makes the faults of the plan, and looks at the node meanwhile.</summary>
    /// <returns>Descriptors that are open once the node runs.</returns>
    private async Task<int> DisturbAsync(bool hasDisk, Task running, CancellationToken cancellationToken)
    {
        var plan = SoakPlan.Of(seed, duration, s_cameras.Length).Where(fault => hasDisk || fault.Kind != SoakFaultKind.DiskFull).ToList();
        // An end comes before a beginning of the same moment.
        var steps = plan.Select(fault => (fault.At, IsOn: true, Fault: fault))
            .Concat(plan.Select(fault => (At: fault.End, IsOn: false, Fault: fault)))
            .OrderBy(step => step.At)
            .ThenBy(step => step.IsOn);
        var handles = 0;
        var began = time.GetTimestamp();
        foreach (var (at, isOn, fault) in steps)
        {
            await LookUntilAsync(at).ConfigureAwait(false);
            handles = handles == 0 ? SoakSamples.Handles : handles;
            if (running.IsCompleted)
                break;
            _faults.Switch(fault, isOn);
            if (isOn)
                _made[fault.Kind.Word()] = _made.GetValueOrDefault(fault.Kind.Word()) + 1;
        }

        _faults.AllOff();
        await LookUntilAsync(duration).ConfigureAwait(false);
        return handles == 0 ? SoakSamples.Handles : handles;

        async Task LookUntilAsync(TimeSpan at)
        {
            for (var left = at - time.GetElapsedTime(began); left > TimeSpan.Zero && !running.IsCompleted;)
            {
                var pause = Task.Delay(left < s_lookEvery ? left : s_lookEvery, time, cancellationToken);
                await Task.WhenAny(pause, running).ConfigureAwait(false);
                if (cancellationToken.IsCancellationRequested)
                    return; // the node stops by the same token
                if (_figures is { FramesOut: > 0 })
                    _samples.Look(_figures);
                left = at - time.GetElapsedTime(began);
            }
        }
    }

    private SoakReport Report(RunOutcome outcome, SoakWitness witness, IReadOnlyList<string> bugs)
    {
        var run = outcome.Report;
        var drops = run?.Dropped ?? new Dictionary<string, IReadOnlyDictionary<string, long>>();
        var frames = drops
            .Where(place => place.Key == DropPlace.Gate.Word() || place.Key == DropPlace.Infer.Word())
            .SelectMany(place => place.Value.Select(drop => (Name: $"{place.Key}.{drop.Key}", drop.Value)))
            .ToDictionary(drop => drop.Name, drop => drop.Value);
        if (run?.Unpublished > 0)
            frames["publish"] = run.Unpublished;
        return new SoakReport
        {
            Seed = seed,
            Seconds = 0,
            Faults = _made,
            RecoveryMs = _faults.Recoveries,
            FramesIn = run?.Captured ?? 0,
            Published = run?.Published ?? 0,
            Dropped = frames.Values.Sum(),
            DroppedBy = frames,
            EventsSent = run?.Events ?? 0,
            EventsReceived = witness.Events,
            EventsRepeated = witness.Repeated,
            EventsDropped = drops.GetValueOrDefault(DropPlace.Outbox.Word())?.Values.Sum() ?? 0,
            Memory = _samples.Memory(),
            Handles = default,
            LatencyDrift = Math.Round(_samples.LatencyDrift(), 2),
            LastStatus = witness.Status,
            WitnessFault = witness.Fault,
            Fault = outcome.Fault,
            Bugs = bugs,
        };
    }

    private EdgeNodeOptions Settings(int port, string folder) =>
        options with
        {
            Node = options.Node with { Name = "soak", DrainFor = s_stopWithin },
            Cameras =
            [
                .. s_cameras.Select(name => new CameraOptions
                {
                    Name = name,
                    Fps = 10,
                    StallAfter = TimeSpan.FromSeconds(1),
                    ReopenAfter = TimeSpan.FromSeconds(0.2),
                    ReopenAfterAtMost = TimeSpan.FromSeconds(1),
                }),
            ],
            Dispatch = options.Dispatch with { Mode = DispatchMode.Failover },
            Engines = options.Engines with { DrpAi = options.Engines.DrpAi with { Device = DrpAiDevice.Emulated } },
            Mqtt = new MqttOptions
            {
                Host = "127.0.0.1",
                Port = port,
                LandmarksFormat = options.Mqtt.LandmarksFormat,
                KeepAlive = TimeSpan.FromSeconds(5),
                ReconnectAfter = TimeSpan.FromSeconds(0.2),
                ReconnectAfterAtMost = TimeSpan.FromSeconds(1),
            },
            Preview = options.Preview with { Enabled = true, Rate = 1 },
            Outbox = options.Outbox with { File = Path.Combine(folder, "outbox.db"), Landmarks = false },
            Commands = options.Commands with { Allow = "" },
            HomeAssistant = options.HomeAssistant with { Discovery = HomeAssistantDiscovery.Off },
            Web = options.Web with { Port = 0 },
            Diagnostics = options.Diagnostics with { HttpPort = 0, OtlpEndpoint = "" },
        };
}
