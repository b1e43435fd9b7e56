using System.Diagnostics;
using System.Diagnostics.Metrics;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Hosting;
using FaceLandmark.Inference.DrpAi;
using FaceLandmark.Locate;
using FaceLandmark.Mqtt;
using FaceLandmark.Publish;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Benchmarks;

/// <summary>A whole node, as <c>run</c> has it, with the film for its cameras: what it uses per frame in the measured time.</summary>
internal static class NodeTrial
{
    /// <summary>Runs it to the end of the film.</summary>
    /// <param name="options">The settings of the call.</param>
    /// <param name="request">What is to be different.</param>
    /// <param name="mark">Told when the measured time begins and ends.</param>
    /// <exception cref="BenchException">The node ended with a fault.</exception>
    public static async Task<TrialAnswer> RunAsync(EdgeNodeOptions options, TrialRequest request, Action<string> mark)
    {
        using var film = new FilmFile(request.Film);
        using var clock = new FilmClock(request.Warm, request.Frames, mark);
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var stop = new CancellationTokenSource();
        var node = new Node(
            Settle(options, request),
            new RunLimits(),
            NullLoggerFactory.Instance,
            services.GetRequiredService<IMeterFactory>(),
            TimeProvider.System
        )
        {
            Seams = new NodeSeams
            {
                Sources = _ => new FilmSources(film, clock, request.Fps),
                DrpAi = engine => request.Wait > 0 ? new WaitingEngine(engine, TimeSpan.FromMilliseconds(request.Wait)) : engine,
            },
        };
        var running = node.RunAsync(stop.Token);
        await Task.WhenAny(running, clock.Finished);
        if (request.Fps > 0)
            await stop.CancelAsync();
        var outcome = await running;
        if (outcome.Fault is { } fault)
            throw new BenchException(fault);
        if (!clock.Finished.IsCompleted || outcome.Report is not { } report)
            throw new BenchException("The node ended before the film did: run it by ./run.sh, which says why.");
        return new TrialAnswer
        {
            BeganNs = Nanoseconds(clock.Began),
            EndedNs = Nanoseconds(clock.Ended),
            Count = request.Frames,
            Cost = clock.Cost,
            ResidentBytes = clock.ResidentBytes,
            Resident = clock.Resident,
            Engine = report.Engine,
            Model = report.Model,
        };
    }

    /// <summary>The settings of the call with what is measured in them.</summary>
    internal static EdgeNodeOptions Settle(EdgeNodeOptions options, TrialRequest request) =>
        Network(options, request) with
        {
            Node = options.Node with { Name = request.Node },
            Cameras =
            [
                .. Enumerable.Range(0, request.Cameras).Select(index => new CameraOptions
                {
                    Name = $"cam{index}",
                    Source = request.Fps > 0 ? "demo" : "film", // a live one, or a file: the film itself comes by the seam
                }),
            ],
            Locate = options.Locate with { MaxFaces = request.Faces, Mode = request.FullFrame ? LocateMode.FullFrame : LocateMode.Track },
            Dispatch = options.Dispatch with { Mode = request.Mode ?? options.Dispatch.Mode },
            Mqtt = options.Mqtt with
            {
                Host = request.Host,
                Port = request.Port,
                Failover = "",
                ClientId = "",
                LandmarksFormat = LandmarksFormat.Json,
            },
            Preview = options.Preview with { Enabled = request.Previews },
            Commands = options.Commands with { Allow = "" },
            HomeAssistant = options.HomeAssistant with { Discovery = HomeAssistantDiscovery.Off },
            Outbox = options.Outbox with { File = "" },
            Web = options.Web with { Port = 0 },
            Diagnostics = options.Diagnostics with { HttpPort = 0, OtlpEndpoint = "", LastWords = "" },
        };

    /// <summary>The settings of the call with the network of a request.</summary>
    internal static EdgeNodeOptions Network(EdgeNodeOptions options, TrialRequest request) =>
        options with
        {
            Models = options.Models with
            {
                Default = request.Model ?? options.Models.Default,
                EightBit = request.EightBit ?? options.Models.EightBit,
            },
            Engines = options.Engines with
            {
                Onnx = options.Engines.Onnx with
                {
                    Threads = request.Threads ?? options.Engines.Onnx.Threads,
                    AtOnce = request.AtOnce ?? options.Engines.Onnx.AtOnce,
                },
                DrpAi = request.Wait > 0 ? options.Engines.DrpAi with { Device = DrpAiDevice.Emulated } : options.Engines.DrpAi,
            },
        };

    /// <summary>Ticks of <see cref="Stopwatch"/> as nanoseconds of the system's clock, which all processes share.</summary>
    internal static long Nanoseconds(long ticks) => (long)((Int128)ticks * 1_000_000_000 / Stopwatch.Frequency);
}
