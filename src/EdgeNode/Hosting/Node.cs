using System.Diagnostics.Metrics;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Diagnostics;
using FaceLandmark.Inference;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.Models;
using FaceLandmark.Platform;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Hosting;

/// <summary>
/// A whole node: its messaging, its frames and what it serves, put together, run, and stopped in the order of the data path: sources,
/// pipeline (drained within <see cref="NodeOptions.DrainFor"/>), commands, MQTT link (says <c>stopped</c>), broker.
/// </summary>
internal sealed class Node(EdgeNodeOptions options, RunLimits limits, ILoggerFactory loggers, IMeterFactory meters, TimeProvider time)
{
    private readonly ILogger _logger = loggers.CreateLogger<Node>();
    private LastWords? _lastWords;
    private NodeContext? _node;

    /// <summary>What is put into it.</summary>
    internal NodeSeams Seams { get; init; } = new();

    /// <summary>How many threads an inference takes, where the settings leave it open.</summary>
    internal ThreadTuning Threads { get; init; } = new(new ThreadStore(StateFolder.Path()));

    /// <summary>Runs until the limits, the end of all sources, a fault or the token.</summary>
    /// <returns>How it ended; faults that people can mend are sentences in it, not exceptions.</returns>
    public async Task<RunOutcome> RunAsync(CancellationToken cancellationToken)
    {
        // A run with an end is a check: nobody waits for its last words.
        _lastWords = limits.IsBounded ? null : LastWords.Of(options, loggers, time);
        var outcome = await RunToEndAsync(cancellationToken).ConfigureAwait(false);
        _lastWords?.End(outcome.IsAskedFor ? null : outcome.Fault, _node);
        return outcome;
    }

    private async Task<RunOutcome> RunToEndAsync(CancellationToken cancellationToken)
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
        var model = new ModelCatalogue(options.Models).Default();
        var ready = FrameSourceFactory.FramesReady(options.Cameras);
        var tuned = options with { Engines = Threads.Apply(model, options.Engines, ready, _logger) };
        var identity = NodeIdentity.Of(options.Node.Name, time);
        var node = _node = new NodeContext(tuned, limits, identity, new NodeMetrics(meters, time), loggers, time);
        Seams.Figures(node.Metrics);
        await using var messaging = new NodeMessaging(node);
        if (_lastWords is not null)
            await _lastWords.BeginAsync(cancellationToken).ConfigureAwait(false);
        using var frames = new NodeFrames(node, messaging, Seams);
        await messaging.BrokerStartedAsync().ConfigureAwait(false);
        Tell(messaging, frames.Engines);
        frames.Inform();

        await using var serving = new NodeServing(node, messaging, frames);
        await serving.StartAsync().ConfigureAwait(false);
        await messaging.StartAsync(cancellationToken).ConfigureAwait(false);

        using var manager = new ServiceManagerLink(
            new SystemdNotifier(),
            ServiceManager.WatchdogPeriod(),
            frames.Health,
            node.Metrics,
            options.Cameras.Max(camera => camera.StallAfter),
            time,
            _logger
        );
        var running = frames.RunAsync(serving.RestartAsked, manager, cancellationToken);
        serving.ShowPage();
        var (fault, isOfSettings) = await running.ConfigureAwait(false);
        await serving.StopAsync().ConfigureAwait(false);
        await messaging.StopAsync().ConfigureAwait(false);
        return new RunOutcome(fault, frames.Report(), isOfSettings) { IsAskedFor = fault == NodeFrames.RestartAsked };
    }

    private void Tell(NodeMessaging messaging, IReadOnlyList<EngineInfo> engines)
    {
        var cameras = string.Join(", ", options.Cameras.Select(camera => camera.Name));
        _logger.Starting(options.Node.Name, cameras, engines[0].Name, engines[0].Runtime, engines[0].Model.Name, messaging.Broker);
        foreach (var second in engines.Skip(1))
            _logger.SecondEngine(second.Name, NodeFrames.NameOf(second), second.Runtime, options.Dispatch.Mode);
    }
}
