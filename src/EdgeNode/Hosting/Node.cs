using System.Diagnostics.Metrics;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Control;
using FaceLandmark.Diagnostics;
using FaceLandmark.Events;
using FaceLandmark.Health;
using FaceLandmark.Inference;
using FaceLandmark.Locate;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;
using FaceLandmark.Postprocess;
using FaceLandmark.Publish;
using FaceLandmark.Web;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Hosting;

/// <summary>
/// A whole node: puts the parts together in the order of the data path, runs them, and stops them in that order: sources, pipeline (drained
/// within <see cref="NodeOptions.DrainFor"/>), MQTT link (says <c>stopped</c>), broker.
/// </summary>
public sealed class Node(EdgeNodeOptions options, RunLimits limits, ILoggerFactory loggers, IMeterFactory meters, TimeProvider time)
{
    private readonly string _session = Guid.NewGuid().ToString("N");
    private readonly ILogger _logger = loggers.CreateLogger<Node>();
    private readonly NodeMetrics _metrics = new(meters, time);

    /// <summary>Lets a test put something in front of the DRP-AI's engine.</summary>
    internal Func<ILandmarkEngine, ILandmarkEngine> BeforeDrpAi { get; init; } = engine => engine;

    /// <summary>Runs until the limits, the end of all sources, a fault or the token.</summary>
    /// <returns>How it ended; faults that people can mend are sentences in it, not exceptions.</returns>
    public async Task<RunOutcome> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RunPartsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ExplainedException reason)
        {
            return new RunOutcome(reason.Message, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new RunOutcome(null, null);
        }
#pragma warning disable CA1031 // the outermost edge: a bug is logged whole and becomes exit code 1
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _logger.Bug(bug);
            return new RunOutcome($"Unexpected fault: {bug.Message}", null);
        }
    }

    private async Task<RunOutcome> RunPartsAsync(CancellationToken cancellationToken)
    {
        var topics = new MqttTopics(options.Mqtt.BaseTopic, options.Node.Name, options.Cameras.Select(camera => camera.Name));
        var settings = new BrokerSettings(options.Mqtt, topics, _session);
        await using var broker = options.Mqtt.Host.Length == 0 ? new EmbeddedBroker(options.Mqtt, settings, time, loggers.CreateLogger<EmbeddedBroker>()) : null;
        var brokerStart = broker?.StartAsync() ?? Task.CompletedTask; // beside the loading of the model
        var model = new ModelCatalogue(options.Models).Default(_logger);
        var network = new SwitchableNetwork(EngineFactory.OpenNetwork(model, options.Engines));
        using var parts = new PartsInUse();
        var lane = parts.Add(EngineFactory.OpenLane(network, time));
        var drpai = parts.Add(EngineFactory.OpenDrpAiLane(model, options.Engines, options.Locate.Mode, BeforeDrpAi, time));
        var detector = parts.Add(options.Locate.Mode == LocateMode.FullFrame ? null : new BlazeFaceDetector(options.Locate));
        await brokerStart.ConfigureAwait(false);

        await using var outbox = options.Outbox.File.Length > 0 ? new Outbox(options.Outbox, _metrics, time, loggers.CreateLogger<Outbox>()) : null;
        await using var link = new MqttLink(settings, _metrics, time, loggers.CreateLogger<MqttLink>(), outbox);
        using var log = new MqttLogProvider(link, topics, _session, time);
        loggers.AddProvider(log);
        var states = new CameraStatePublisher(link, topics, _session);
        var faces = new FaceWatch(link, topics, _session, options.Events, time);
        HomeAssistant.Announce(link, topics, options.HomeAssistant);
        _logger.Starting(options.Node.Name, string.Join(", ", options.Cameras.Select(camera => camera.Name)), lane.Info.Name, lane.Info.Runtime, lane.Info.Model.Name,
            broker is null ? $"broker {options.Mqtt.Host}:{options.Mqtt.Port}" : $"embedded broker on port {options.Mqtt.Port}");
        if (drpai is not null)
            _logger.SecondEngine(drpai.Info.Name, EngineName(drpai.Info), drpai.Info.Runtime, options.Dispatch.Mode);

        var locators = options.Cameras.Select(_ => parts.Add(new FaceLocator(options.Locate, detector))).ToList();
        var pools = options.Cameras.Select(_ => parts.Add(new FramePool())).ToList();
        var landmarks = parts.Add(new LandmarksPublisher(link, topics, options.Mqtt, time, options.Outbox.Landmarks && outbox is not null));
        var previews = parts.Add(new PreviewPublisher(link, topics, options.Preview, _metrics, time));
        var compare = parts.Add(new ComparePublisher(link, topics));
        var pipeline = new FramePipeline(
            new PipelineLanes(
                [.. options.Cameras.Select((camera, index) => new CameraLane(index, camera.Name, _session, locators[index], Smoother(lane.Info.Model)))], lane, drpai),
            new PipelineOptions(options.Dispatch, options.Postprocess, options.Locate.MaxFaces, limits.Frames),
            [landmarks, faces, compare],
            previews,
            _metrics,
            time,
            loggers.CreateLogger<FramePipeline>());
        var started = time.GetUtcNow();
        pipeline.Dispatch.Changed += Inform;
        Inform();
        await using var stats = new StatsPublisher(link, topics, _session, options.Diagnostics, _metrics, time);

        var health = new NodeHealth(options.Node.Name, _session, _metrics, () => link.State, () => network.Info, pipeline.Dispatch, time)
        {
            OutboxTrouble = () => outbox?.Trouble,
        };
        var healthPages = new HealthPages(health, _metrics);
        await using var endpoint = await HttpEndpoint.StartAsync(options.Diagnostics, healthPages, loggers).ConfigureAwait(false);
        using var otlp = OtlpExport.Start(options.Diagnostics, options.Node.Name, _session);
        void Follow(CameraStatus status)
        {
            states.Publish(status);
            faces.Follow(status);
            health.Follow(status);
        }

        var factory = new FrameSourceFactory(time, loggers.CreateLogger<FrameSourceFactory>(), options.Pictures);
        var cameras = options.Cameras.Select((camera, index) => new CameraControl(new CameraWorker(
            camera, factory, pools[index], pipeline.Gate(index), time, loggers.CreateLogger<CameraWorker>(), Follow, limits.IsBounded))).ToList();

        var restart = new RestartCommand();
        var commands = new Dictionary<string, ICommand>
        {
            ["camera"] = new CameraCommand(cameras.ToDictionary(camera => camera.Status.Camera)),
            ["health"] = new HealthCommand(health),
            ["mode"] = new ModeCommand(pipeline.Dispatch),
            ["model"] = new ModelCommand(network, options.Models, options.Engines, Inform, loggers.CreateLogger<ModelCommand>()),
            ["preview"] = new PreviewCommand(previews),
            ["restart"] = restart,
            ["snapshot"] = new SnapshotCommand(previews, topics),
        };
        var allowed = options.Commands.Verbs().ToDictionary(verb => verb, verb => commands[verb]);
        await using var desk = allowed.Count > 0 ? new CommandDesk(allowed, link, topics, _session, time, loggers.CreateLogger<CommandDesk>()) : null;

        link.Start();
        await WaitForBrokerAsync(link, cancellationToken).ConfigureAwait(false);
        await using var page = LivePage.Start(options.Web, options.Mqtt, settings, link, healthPages, time, loggers);
        using var manager = new ServiceManagerLink(new SystemdNotifier(), ServiceManager.WatchdogPeriod(), health, _metrics, options.Cameras.Max(camera => camera.StallAfter), time, _logger);
        (var fault, parts.Idle) = await RunUntilEndAsync(cameras, pipeline, restart.Asked, manager, cancellationToken).ConfigureAwait(false);
        if (desk is not null)
            await desk.DisposeAsync().ConfigureAwait(false); // its last answers go before the goodbye
        if (outbox is not null)
            await outbox.CompleteAsync().ConfigureAwait(false);
        log.Flush();
        await stats.DisposeAsync().ConfigureAwait(false); // figures that come during the goodbye would count as lost
        await link.StopAsync(options.Node.DrainFor).ConfigureAwait(false);
        pipeline.Dispatch.Changed -= Inform;
        var report = RunReport.Of(_metrics.Snapshot(), landmarks.Published, _metrics.AverageFps, lane.Info) with
        {
            Engine = string.Join(", ", Engines().Where(engine => pipeline.Dispatch.Status.InUse.Contains(engine.Name)).Select(EngineName)),
        };
        return new RunOutcome(fault, report);

        List<EngineInfo> Engines() => drpai is null ? [lane.Info] : [lane.Info, drpai.Info];

        void Inform()
        {
            lock (topics) // the newest status last
            {
                var facts = new NodeFacts(options.Node.Name, _session, started, Engines(), options.Cameras, PublicConfiguration.Of(options))
                {
                    Dispatch = pipeline.Dispatch.Status,
                    Models = new ModelCatalogue(options.Models).Alternatives(network.Info.Model),
                };
                link.SetState(topics.Info, MessageJson.ToBytes(writer => InfoMessage.Write(writer, facts)));
            }
        }
    }

    private static string EngineName(EngineInfo engine) => engine.Device.Emulated ? $"{engine.Name} (emulated)" : engine.Name;

    private LandmarkSmoother? Smoother(ModelCard model) =>
        options.Postprocess.Smoothing ? new LandmarkSmoother(options.Locate.MaxFaces, model.Landmarks) : null;

    // A broker that is there gets the very first frame; one that is not holds nothing up for long.
    private async Task WaitForBrokerAsync(MqttLink link, CancellationToken cancellationToken)
    {
        try
        {
            await link.WaitUntilOnlineAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(1), time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The link keeps trying and has told so.
        }
    }

    /// <summary>Runs the cameras until something ends the run, then drains the pipeline.</summary>
    /// <returns>The fault that ended it, or null; and when the last frame under way is through, which may never be.</returns>
    private async Task<(string? Fault, Task Drained)> RunUntilEndAsync(IReadOnlyList<CameraControl> workers, FramePipeline pipeline, Task restart, ServiceManagerLink manager, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = workers.Select(worker => worker.RunAsync(stop.Token)).ToList();
        var sources = limits.IsBounded ? WhenAllOrFirstFault(running) : WhenAllOrFirstBug(running);
        var timeUp = limits.Duration is { } duration ? Task.Delay(duration, time, stop.Token) : Task.Delay(Timeout.Infinite, stop.Token);
        var first = await Task.WhenAny(sources, pipeline.Completion, pipeline.Spent, timeUp, restart).ConfigureAwait(false);
        _logger.Stopping(
            cancellationToken.IsCancellationRequested ? "asked to"
            : first == pipeline.Spent ? "all frames asked for are processed"
            : first == restart ? "a command asks for a restart"
            : first == timeUp ? "the time asked for is over"
            : first.IsFaulted ? first.Exception!.InnerException!.Message
            : "all sources have ended");
        manager.Stopping();

        await stop.CancelAsync().ConfigureAwait(false);
        pipeline.Complete();
        var drained = Task.WhenAll(Task.WhenAll(running).ContinueWith(_ => { }, TaskScheduler.Default), pipeline.Completion);
        // What files have given is never lost, however long it takes; whoever can't wait for it asks the node to stop.
        if (first == sources && running.All(one => one.IsCompleted))
            await Task.WhenAny(drained, Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken)).ConfigureAwait(false);
        try
        {
            await drained.WaitAsync(options.Node.DrainFor, time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _logger.DrainTimedOut(options.Node.DrainFor);
        }
        catch (ExplainedException)
        {
            // The pipeline's fault; it is reported below.
        }

        if (pipeline.Completion.IsFaulted)
            return (Sentence(pipeline.Completion.Exception!), drained);
        if (sources.IsFaulted && (first == sources || sources.Exception!.InnerException is not SourceException))
            return (Sentence(sources.Exception!), drained);
        return (first == restart ? "A command asks for a restart." : null, drained);
    }

    // Each camera's fate is its own, except what its frames meet behind it. The first fault is the run's when all of them are through.
    private static async Task WhenAllOrFirstBug(List<Task> running)
    {
        await WhenAllOrFirstFault([.. running.Select(one => one.ContinueWith(
            ended => ended.Exception?.InnerException is SourceException ? Task.CompletedTask : ended,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Unwrap())]).ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private static async Task WhenAllOrFirstFault(List<Task> running)
    {
        var left = running.ToList();
        while (left.Count > 0)
        {
            var done = await Task.WhenAny(left).ConfigureAwait(false);
            left.Remove(done);
            await done.ConfigureAwait(false);
        }
    }

    // Known faults are sentences; anything else is a bug that the outermost edge reports.
    private static string Sentence(AggregateException fault) => fault.InnerException switch
    {
        ExplainedException reason => reason.Message,
        _ => throw fault,
    };
}
