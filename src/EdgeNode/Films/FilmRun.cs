using System.Diagnostics.Metrics;
using System.Globalization;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Diagnostics;
using FaceLandmark.Inference;
using FaceLandmark.Locate;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;
using FaceLandmark.Postprocess;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Films;

/// <summary>
/// One film through the pipeline that cameras go through: every frame, in order, at its own time. The gate lets frames of files wait, and
/// what is made of the results waits until it is written, so nothing is dropped and memory stays constant.
/// </summary>
internal sealed class FilmRun(EdgeNodeOptions options, FilmJob job, ILoggerFactory loggers, TimeProvider time)
{
    private const double LeastLoss = 0.02;
    private static readonly TimeSpan s_leastLoss = TimeSpan.FromSeconds(0.5);

    // Nobody waits for a frame of a film, and every one counts: a server may be busy. Two tries are shorter than the order waits.
    private static readonly TimeSpan s_leastDeadline = TimeSpan.FromSeconds(20);

    // An engine that hangs for so long is a fault that its dispatch tells of; until then order is kept.
    private static readonly TimeSpan s_orderWindow = TimeSpan.FromMinutes(1);

    /// <summary>Runs it to the film's end, a fault or the token.</summary>
    /// <param name="advanced">Called after each frame, on any thread.</param>
    /// <param name="cancellationToken">Breaks the film off; what was made of it until then is completed.</param>
    /// <returns>What became of it; faults that people can mend are sentences in it.</returns>
    public async Task<FilmOutcome> RunAsync(Action<FilmAdvance> advanced, CancellationToken cancellationToken)
    {
        try
        {
            return await RunPartsAsync(advanced, cancellationToken).ConfigureAwait(false);
        }
        catch (ExplainedException reason) when (reason is not OutputException)
        {
            return new FilmOutcome(0, 0, 0, TimeSpan.Zero, reason.Message, null);
        }
    }

    private async Task<FilmOutcome> RunPartsAsync(Action<FilmAdvance> advanced, CancellationToken cancellationToken)
    {
        using var source = new VideoFileSource(job.Path, loop: false, tellsTimes: true);
        var facts = FilmFacts.Read(job.Path);
        var logger = loggers.CreateLogger<FilmRun>();
        var catalogue = new ModelCatalogue(options.Models);
        var model = catalogue.Default(logger);
        using var cpu = EngineFactory.OpenLane(model, options.Engines, time, options.Preprocess.Path);
        // Nobody switches the mode of a film: what its own does not use stays closed.
        using var drpai =
            options.Dispatch.Mode is DispatchMode.Cpu or DispatchMode.Remote
                ? null
                : EngineFactory.OpenDrpAiLane(model, options.Engines, options.Locate.Mode, engine => engine, time);
        using var remote =
            options.Dispatch.Mode is DispatchMode.Cpu or DispatchMode.Drpai
                ? null
                : EngineFactory.OpenRemoteLane(catalogue.Configured, WithPatience(options.Engines), time, logger);
        using var detector = options.Locate.Mode == LocateMode.FullFrame ? null : new BlazeFaceDetector(options.Locate);
        using var locator = new FaceLocator(options.Locate, detector);
        var lane = new CameraLane(
            0,
            job.Name,
            Guid.NewGuid().ToString("N"),
            locator,
            options.Postprocess.Smoothing ? new LandmarkSmoother(options.Locate.MaxFaces, model.Landmarks) : null
        );
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var results = new FilmResults(job, facts, source, model.Landmarks, options.Node.Name, time)
        {
            Advanced = advanced,
            Failed = stop.Cancel,
        };
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var pipeline = new FramePipeline(
            new PipelineLanes([lane], cpu, drpai, remote),
            new PipelineOptions(
                options.Dispatch with
                {
                    Order = DispatchOrder.Ordered,
                    OrderWindow = s_orderWindow,
                },
                options.Postprocess,
                options.Locate.MaxFaces
            ),
            [results],
            new NoPreviews(),
            new NodeMetrics(services.GetRequiredService<IMeterFactory>(), time),
            time,
            loggers.CreateLogger<FramePipeline>()
        );
        _ = pipeline.Completion.ContinueWith(_ => stop.Cancel(), stop.Token, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

        using var pool = new FramePool();
        var clock = new FilmClock(source.Info.Fps);
        var reading = Task.Factory.StartNew(
            () => Read(source, pool, clock, facts, pipeline.Gate(0), stop.Token),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        var (frames, fault) = await reading.ConfigureAwait(false);
        pipeline.Complete();
        try
        {
            await pipeline.Completion.ConfigureAwait(false);
        }
        catch (ExplainedException reason)
        {
            fault ??= reason.Message;
        }

        var isStopped = cancellationToken.IsCancellationRequested;
        results.End(isWhole: fault is null && !isStopped);
        if (fault is null && !isStopped && results.Fault is null && results.Frames < frames)
            fault = string.Create(
                CultureInfo.InvariantCulture,
                $"{frames - results.Frames} of {frames} frames of '{job.Path}' gave no result and are missing; the log says why."
            );
        return new FilmOutcome(
            results.Frames,
            results.Faces,
            results.FramesWithFaces,
            results.At,
            isStopped ? null : fault ?? results.Fault,
            clock.Remark(job.Path)
        );
    }

    private static EnginesOptions WithPatience(EnginesOptions engines) =>
        engines.Remote.Deadline >= s_leastDeadline
            ? engines
            : engines with { Remote = engines.Remote with { Deadline = s_leastDeadline } };

    // Until the film's end, its breaking off, or the token.
    private (long Frames, string? Fault) Read(
        VideoFileSource source,
        FramePool pool,
        FilmClock clock,
        FilmFacts facts,
        IFrameSink gate,
        CancellationToken cancellationToken
    )
    {
        var frames = 0L;
        try
        {
            while (source.Read(pool, cancellationToken) is { } frame)
            {
                var at = clock.Next(frame.FilmTime);
                frame.Sequence = ++frames;
                frame.Timestamp = (long)((Int128)at.Ticks * time.TimestampFrequency / TimeSpan.TicksPerSecond);
                frame.CapturedAt = (facts.RecordedAt ?? DateTimeOffset.UnixEpoch) + at;
                gate.Offer(frame, isLive: false, cancellationToken);
            }

            return (frames, BreaksOff(source, facts, clock));
        }
        catch (SourceException reason) when (!cancellationToken.IsCancellationRequested)
        {
            return (frames, reason.Message);
        }
        catch (Exception reason) when (reason is OperationCanceledException or SourceException)
        {
            return (frames, null);
        }
    }

    // Decoders go on where they can, and many films have something to complain of; one that also ends early has lost its end.
    private string? BreaksOff(VideoFileSource source, FilmFacts facts, FilmClock clock)
    {
        var complaints = source.Complaints();
        return
            complaints.Length > 0
            && facts.Duration is { } duration
            && duration - clock.Last > s_leastLoss
            && duration - clock.Last > LeastLoss * duration
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Video '{job.Path}' breaks off at {clock.Last.TotalSeconds:0.0} s of {duration.TotalSeconds:0.0} s ({complaints}): it is "
                    + $"damaged; copy it again."
            )
            : null;
    }

    private sealed class NoPreviews : IPreviewPublisher
    {
        public bool TakeTurn(FrameWork work) => false;

        public void Publish(FrameWork work) { }
    }
}
