using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Diagnostics;
using FaceLandmark.Events;
using FaceLandmark.Health;
using FaceLandmark.Inference;
using FaceLandmark.Locate;
using FaceLandmark.Models;
using FaceLandmark.Onvif;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;
using FaceLandmark.Postprocess;
using FaceLandmark.Publish;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Hosting;

/// <summary>The way of a node's frames: engines, detector, pipeline, what makes messages of results, and cameras.</summary>
internal sealed class NodeFrames : IDisposable
{
    /// <summary>The fault of a run that a command has ended.</summary>
    internal const string RestartAsked = "A command requested a restart.";

    // Frames of a file come as fast as they are inferred: in the time of three the detector has long looked at one, on another core.
    private const int FileDelay = 3;

    private readonly NodeContext _node;
    private readonly ILogger _logger;
    private readonly PartsInUse _parts = new();
    private readonly List<EngineInfo> _otherEngines;
    private readonly LandmarksPublisher _landmarks;
    private readonly FaceWatch _faces;
    private readonly FramePipeline _pipeline;
    private readonly List<CameraControl> _cameras;
    private readonly InfoPublisher _info;

    /// <summary>Loads engines and detector, and puts the way together.</summary>
    /// <param name="node">The node.</param>
    /// <param name="messaging">Where results go.</param>
    /// <param name="seams">What is put in front of sources and engines.</param>
    /// <exception cref="ExplainedException">A model, an engine or the detector cannot be loaded.</exception>
    public NodeFrames(NodeContext node, NodeMessaging messaging, NodeSeams seams)
    {
        _node = node;
        var (options, limits, identity, metrics, loggers, time) = node;
        var (link, topics) = (messaging.Link, messaging.Topics);
        _logger = loggers.CreateLogger<Node>();
        try
        {
            var catalogue = new ModelCatalogue(options.Models);
            var model = catalogue.Default(_logger);
            Network = new SwitchableNetwork(EngineFactory.OpenNetwork(model, options.Engines, options.Preprocess.Path, seams.Cpu));
            var cpu = _parts.Add(EngineFactory.OpenLane(Network, time));
            var drpai = _parts.Add(EngineFactory.OpenDrpAiLane(model, options.Engines, options.Locate.Mode, seams.DrpAi, time));
            var remote = _parts.Add(EngineFactory.OpenRemoteLane(catalogue.Configured, options.Engines, time, _logger));
            _otherEngines = [.. new[] { drpai, remote }.OfType<InferenceLane>().Select(lane => lane.Info)];
            var detector = _parts.Add(options.Locate.Mode == LocateMode.FullFrame ? null : new BlazeFaceDetector(options.Locate));

            var lanes = options.Cameras.Select(
                (camera, index) =>
                    new CameraLane(
                        index,
                        camera.Name,
                        identity.Session,
                        _parts.Add(
                            new FaceLocator(
                                options.Locate,
                                detector,
                                detectorsDelay: FrameSourceFactory.IsLive(camera.Source) ? null : FileDelay
                            )
                        ),
                        options.Postprocess.Smoothing ? new LandmarkSmoother(options.Locate.MaxFaces, model.Landmarks) : null
                    )
            );
            var onvif = _parts.Add(options.Onvif.Enabled ? new OnvifPublisher(link, topics, options.Onvif) : null);
            _faces = new FaceWatch(link, topics, identity, options.Events, time)
            {
                Happened = (camera, happened) => onvif?.Tell(camera, happened),
            };
            _landmarks = _parts.Add(new LandmarksPublisher(link, topics, options.Mqtt, time, messaging.KeepsLandmarks));
            Previews = _parts.Add(new PreviewPublisher(link, topics, options.Preview, metrics, time, options.Privacy.Preview));
            _pipeline = new FramePipeline(
                new PipelineLanes([.. lanes], cpu, drpai, remote),
                new PipelineOptions(options.Dispatch, options.Postprocess, options.Locate.MaxFaces, limits.Frames),
                [_landmarks, _faces, new ComparePublisher(link, topics), .. onvif is null ? Array.Empty<IResultPublisher>() : [onvif]],
                Previews,
                metrics,
                time,
                loggers.CreateLogger<FramePipeline>()
            );

            Health = new NodeHealth(identity, metrics, () => link.State, () => Network.Info, Dispatch, time)
            {
                OutboxTrouble = () => messaging.OutboxTrouble,
            };
            var states = new CameraStatePublisher(link, topics, identity);
            void Follow(CameraStatus status)
            {
                states.Publish(status);
                _faces.Follow(status);
                Health.Follow(status);
            }

            var factory = seams.Sources(new FrameSourceFactory(time, loggers.CreateLogger<FrameSourceFactory>(), options.Pictures));
            _cameras =
            [
                .. options.Cameras.Select(
                    (camera, index) =>
                        new CameraControl(
                            new CameraWorker(
                                camera,
                                factory,
                                _parts.Add(new FramePool()),
                                _pipeline.Gate(index),
                                time,
                                loggers.CreateLogger<CameraWorker>(),
                                Follow,
                                limits.IsBounded
                            )
                        )
                ),
            ];
            _info = new InfoPublisher(link, topics, Facts);
            Dispatch.Changed += Inform;
        }
        catch
        {
            _parts.Dispose();
            throw;
        }
    }

    /// <summary>The CPU's network.</summary>
    public SwitchableNetwork Network { get; }

    /// <summary>What engines infer, the CPU's first.</summary>
    public IReadOnlyList<EngineInfo> Engines => [Network.Info, .. _otherEngines];

    /// <summary>Switches the dispatch.</summary>
    public IDispatchControl Dispatch => _pipeline.Dispatch;

    /// <summary>Starts and stops cameras, by name.</summary>
    public IReadOnlyDictionary<string, CameraControl> Cameras => _cameras.ToDictionary(camera => camera.Status.Camera);

    /// <summary>Pictures of the frames.</summary>
    public PreviewPublisher Previews { get; }

    /// <summary>How the node is.</summary>
    public NodeHealth Health { get; }

    /// <summary>An engine, for people.</summary>
    public static string NameOf(EngineInfo engine) => engine.Device.Emulated ? $"{engine.Name} (emulated)" : engine.Name;

    /// <summary>Publishes again what the node is.</summary>
    public void Inform() => _info.Publish();

    /// <summary>The figures of the run, once it has ended and the link has stopped. What is still under way is given up, and counted.
    /// </summary>
    public RunReport Report()
    {
        if (_pipeline.UnderWay is > 0 and var givenUp)
            _node.Metrics.Dropped(DropPlace.Infer, DropReason.Stopping, givenUp);
        var inUse = Engines.Where(engine => Dispatch.Status.InUse.Contains(engine.Name)).ToList();
        return RunReport.Of(_node.Metrics.Snapshot(), _landmarks.Published, _node.Metrics.AverageFps, inUse[0]) with
        {
            Engine = string.Join(", ", inUse.Select(NameOf)),
            Captured = _node.Metrics.FramesIn,
            Unpublished = _landmarks.Unpublished,
            Events = _faces.Told,
        };
    }

    /// <summary>Runs the cameras until something ends the run, then drains the pipeline.</summary>
    /// <returns>The fault that ended it, or null, and whether the settings are at fault.</returns>
    public async Task<(string? Fault, bool IsOfSettings)> RunAsync(
        Task restart,
        ServiceManagerLink manager,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = _cameras.Select(camera => camera.RunAsync(stop.Token)).ToList();
        var sources = _node.Limits.IsBounded ? WhenAllOrFirstFault(running) : WhenAllOrFirstBug(running);
        var timeUp = _node.Limits.Duration is { } duration
            ? Task.Delay(duration, _node.Time, stop.Token)
            : Task.Delay(Timeout.Infinite, stop.Token);
        var first = await Task.WhenAny(sources, _pipeline.Completion, _pipeline.Spent, timeUp, restart).ConfigureAwait(false);
        _logger.Stopping(
            cancellationToken.IsCancellationRequested ? "asked to"
            : first == _pipeline.Spent ? "the requested number of frames has been processed"
            : first == restart ? "a command requested a restart"
            : first == timeUp ? "the requested time is over"
            : first.IsFaulted ? first.Exception!.InnerException!.Message
            : "all sources have ended"
        );
        manager.Stopping();

        await stop.CancelAsync().ConfigureAwait(false);
        _pipeline.Complete();
        var drained = Task.WhenAll(Task.WhenAll(running).ContinueWith(_ => { }, TaskScheduler.Default), _pipeline.Completion);
        _parts.Idle = drained; // which may never be

        // What files have given is never lost, however long it takes; a user who cannot wait for it asks the node to stop.
        if (first == sources && running.All(one => one.IsCompleted))
            await Task.WhenAny(drained, Task.Delay(Timeout.InfiniteTimeSpan, _node.Time, cancellationToken)).ConfigureAwait(false);
        try
        {
            await drained.WaitAsync(_node.Options.Node.DrainFor, _node.Time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _logger.DrainTimedOut(_node.Options.Node.DrainFor);
        }
        catch (ExplainedException)
        {
            // The pipeline's fault; it is reported below.
        }

        if (_pipeline.Completion.IsFaulted)
            return (Sentence(_pipeline.Completion.Exception!), false);
        if (sources.IsFaulted && (first == sources || sources.Exception!.InnerException is not SourceException))
            return (Sentence(sources.Exception!), sources.Exception!.InnerException is SourceException { IsOfSettings: true });
        return (first == restart ? RestartAsked : null, false);
    }

    // Each camera's fate is its own, except what its frames meet behind it, and wrong settings. The first fault is the run's when all of
    // them are through.
    private static async Task WhenAllOrFirstBug(List<Task> running)
    {
        await WhenAllOrFirstFault([
                .. running.Select(one =>
                    one.ContinueWith(
                            ended =>
                                ended.Exception?.InnerException is SourceException { IsOfSettings: false } ? Task.CompletedTask : ended,
                            CancellationToken.None,
                            TaskContinuationOptions.ExecuteSynchronously,
                            TaskScheduler.Default
                        )
                        .Unwrap()
                ),
            ])
            .ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispatch.Changed -= Inform;
        _parts.Dispose();
    }

    private NodeFacts Facts() =>
        new(_node.Identity, Engines, _node.Options.Cameras, PublicConfiguration.Of(_node.Options))
        {
            Dispatch = Dispatch.Status,
            Models = new ModelCatalogue(_node.Options.Models).Alternatives(Network.Info.Model),
        };

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
    private static string Sentence(AggregateException fault) =>
        fault.InnerException switch
        {
            ExplainedException reason => reason.Message,
            _ => throw fault,
        };
}
