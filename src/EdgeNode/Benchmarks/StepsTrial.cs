using System.Diagnostics.Metrics;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Diagnostics;
using FaceLandmark.Events;
using FaceLandmark.Faces;
using FaceLandmark.Locate;
using FaceLandmark.Models;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;
using FaceLandmark.Postprocess;
using FaceLandmark.Publish;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// The steps of a frame one after the other on one thread, with the thread's processor time of each; the engine on one thread, too. What
/// the steps of a node cost beyond their sum is handing over, waking up, sending and collecting garbage.
/// </summary>
internal static class StepsTrial
{
    /// <summary>Names of the steps in their order.</summary>
    public static readonly IReadOnlyList<string> Names = ["decode", "locate", "preprocess", "inference", "postprocess", "message"];

    /// <summary>What is measured beside them: a camera's JPEG decoded, a preview encoded.</summary>
    public const string DecodeJpeg = "decodeJpeg";

    /// <inheritdoc cref="DecodeJpeg"/>
    public const string Preview = "preview";

    private const int Quality = 80;

    /// <summary>Measures them.</summary>
    /// <returns>Milliseconds a frame, by the name of the step.</returns>
    public static async Task<TrialAnswer> RunAsync(EdgeNodeOptions options, TrialRequest request)
    {
        var settled = NodeTrial.Settle(options, request);
        var time = TimeProvider.System;
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new NodeMetrics(services.GetRequiredService<IMeterFactory>(), time);
        var identity = NodeIdentity.Of(request.Node, time);
        var topics = new MqttTopics(settled.Mqtt.BaseTopic, request.Node, ["cam0"]);
        await using var link = new MqttLink(
            new BrokerSettings(settled.Mqtt, topics, identity.Session),
            metrics,
            time,
            NullLogger<MqttLink>.Instance
        );
        link.Start();
        await link.WaitUntilOnlineAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
        using var landmarks = new LandmarksPublisher(link, topics, settled.Mqtt, time);
        var steps = Measure(settled, request, landmarks, new FaceWatch(link, topics, identity, settled.Events, time));
        await link.StopAsync(settled.Node.DrainFor);
        return new TrialAnswer { Steps = steps, Count = request.Frames };
    }

    private static Dictionary<string, double> Measure(
        EdgeNodeOptions options,
        TrialRequest request,
        LandmarksPublisher landmarks,
        FaceWatch faces
    )
    {
        var time = TimeProvider.System;
        using var film = new FilmFile(request.Film);
        using var pool = new FramePool();
        using var lane = EngineFactory.OpenLane(new ModelCatalogue(options.Models).Default(), options.Engines, time);
        using var detector = new BlazeFaceDetector(options.Locate);
        using var locator = new FaceLocator(options.Locate, detector);
        var points = lane.Info.Model.Landmarks;
        var camera = new CameraLane(0, "cam0", "bench", locator, new LandmarkSmoother(options.Locate.MaxFaces, points));
        var works = new FrameWorkPool(options.Locate.MaxFaces, points);
        var candidates = new FaceCandidate[options.Locate.MaxFaces];
        var postprocess = new PostprocessStep(options.Postprocess, time);
        var sums = Names.ToDictionary(name => name, _ => 0.0);
        for (var number = 0; number < request.Warm + request.Frames; number++)
        {
            if (number == request.Warm)
                Array.ForEach([.. Names], name => sums[name] = 0);
            var at = LinuxClock.ThreadMilliseconds();
            var frame = film.Read(number, pool);
            (frame.Sequence, frame.Timestamp, frame.CapturedAt) = (number + 1, time.GetTimestamp(), time.GetUtcNow());
            Charge("decode");
            var work = works.Rent(frame, camera);
            work.FaceCount = locator.Locate(frame, candidates);
            for (var i = 0; i < work.FaceCount; i++)
                work.Faces[i].Candidate = candidates[i];
            Charge("locate");
            lane.Prepare(work);
            Charge("preprocess");
            lane.Infer(work);
            Charge("inference");
            postprocess.Finish(work);
            InferenceLane.Return(work);
            Charge("postprocess");
            landmarks.Publish(work);
            faces.Publish(work);
            Charge("message");
            works.Return(work);

            void Charge(string step)
            {
                var now = LinuxClock.ThreadMilliseconds();
                sums[step] += now - at;
                at = now;
            }
        }

        var means = sums.ToDictionary(step => step.Key, step => step.Value / request.Frames);
        Pictures(film, pool, request, means);
        return means;
    }

    private static void Pictures(FilmFile film, FramePool pool, TrialRequest request, Dictionary<string, double> means)
    {
        using var picture = new FramePicture();
        using var decoder = new JpegDecoder();
        var (encoding, decoding) = (0.0, 0.0);
        var count = Math.Max(1, request.Frames / 4);
        for (var number = 0; number < count; number++)
        {
            using var frame = film.Read(number, pool);
            var began = LinuxClock.ThreadMilliseconds();
            picture.Take(frame);
            var jpeg = picture.ToJpeg(Quality);
            var encoded = LinuxClock.ThreadMilliseconds();
            using var decoded = decoder.Decode(jpeg.Span, pool);
            (encoding, decoding) = (encoding + encoded - began, decoding + LinuxClock.ThreadMilliseconds() - encoded);
        }

        (means[Preview], means[DecodeJpeg]) = (encoding / count, decoding / count);
    }
}
