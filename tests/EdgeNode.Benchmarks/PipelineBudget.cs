using System.Diagnostics;
using System.Diagnostics.Metrics;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Diagnostics;
using FaceLandmark.Locate;
using FaceLandmark.Models;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Preprocess;
using FaceLandmark.Publish;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// The whole pipeline (file source to broker connection, tracking, one face) against the bare engine loop, in turns; medians of five.
/// Budgets: at least 0.97 of the engine's frames per second without previews, 0.94 with; at most 2 KB of managed memory a frame.
/// </summary>
internal static class PipelineBudget
{
    private const int Frames = 200;
    private const int Rounds = 5;

    public static async Task<int> RunAsync()
    {
        var options = new ConfigurationSources(Settings: new Dictionary<string, string?> { ["Locate:MaxFaces"] = "1" }).Load();
        var mqtt = options.Mqtt with { Port = 28830 };
        var time = TimeProvider.System;
        await using var broker = new EmbeddedBroker(mqtt, null, time, NullLogger<EmbeddedBroker>.Instance);
        await broker.StartAsync().ConfigureAwait(false);
        var metrics = new NodeMetrics(
            new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(),
            time
        );
        var topics = new MqttTopics(mqtt.BaseTopic, options.Node.Name, ["cam0"]);
        await using var link = new MqttLink(new BrokerSettings(mqtt, topics, "bench"), metrics, time, NullLogger<MqttLink>.Instance);
        link.Start();
        await link.WaitUntilOnlineAsync(CancellationToken.None).ConfigureAwait(false);
        using var lane = EngineFactory.OpenLane(new ModelCatalogue(options.Models).Default(), options.Engines, time);
        using var engine = EngineFactory.Open(lane.Info.Model, options.Engines);
        using var tensor = new FaceTensor(lane.Info.Model.InputSize, lane.Info.Model.Landmarks);
        using var detector = new BlazeFaceDetector(options.Locate);
        using var landmarks = new LandmarksPublisher(link, topics, mqtt, time);
        using var off = new PreviewPublisher(link, topics, options.Preview, metrics, time);
        using var on = new PreviewPublisher(link, topics, options.Preview with { Enabled = true }, metrics, time);
        using var pool = new FramePool();
        using var model = DemoFrames.First(pool);

        var bare = new List<double>();
        var plain = new List<double>();
        var shown = new List<double>();
        var allocated = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            var engineFps = Bare();
            var (plainFps, bytes) = await PipelineAsync(off).ConfigureAwait(false);
            var (shownFps, _) = await PipelineAsync(on).ConfigureAwait(false);
            if (round == 0)
                continue; // warm-up
            bare.Add(engineFps);
            plain.Add(plainFps);
            shown.Add(shownFps);
            allocated.Add(bytes);
            Console.WriteLine(
                $"round {round}: engine {engineFps:f1}, pipeline {plainFps:f1}, with previews {shownFps:f1} frames/s, {bytes:f0} B/frame"
            );
        }

        var ratio = Median(plain) / Median(bare);
        var ratioShown = Median(shown) / Median(bare);
        Console.WriteLine(
            $"pipeline / engine {ratio:f3} (0.97), with previews {ratioShown:f3} (0.94), {Median(allocated):f0} B a frame (2048)"
        );
        return ratio >= 0.97 && ratioShown >= 0.94 && Median(allocated) <= 2048 ? 0 : 1;

        double Bare()
        {
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < Frames; i++)
                engine.Run(tensor);
            return Frames / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        async Task<(double Fps, double Bytes)> PipelineAsync(IPreviewPublisher previews)
        {
            var camera = new CameraLane(0, "cam0", "bench", new FaceLocator(options.Locate, detector));
            var pipeline = new FramePipeline(
                new PipelineLanes([camera], lane),
                new PipelineOptions(options.Dispatch, options.Postprocess, 1),
                [landmarks],
                previews,
                metrics,
                time,
                NullLogger<FramePipeline>.Instance
            );
            var before = GC.GetTotalAllocatedBytes();
            var began = Stopwatch.GetTimestamp();
            await Task.Run(() =>
                {
                    for (var i = 1; i <= Frames; i++)
                    {
                        var frame = pool.Rent(model.Width, model.Height, model.Layout);
                        model.Data.CopyTo(frame.Data);
                        (frame.Sequence, frame.Timestamp, frame.CapturedAt) = (i, time.GetTimestamp(), time.GetUtcNow());
                        pipeline.Gate(0).Offer(frame, isLive: false, CancellationToken.None);
                    }
                })
                .ConfigureAwait(false);
            pipeline.Complete();
            await pipeline.Completion.ConfigureAwait(false);
            return (Frames / Stopwatch.GetElapsedTime(began).TotalSeconds, (double)(GC.GetTotalAllocatedBytes() - before) / Frames);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
