using System.Diagnostics.Metrics;
using System.Net.Sockets;
using FaceLandmark.Capture;
using FaceLandmark.Capture.TurboJpeg;
using FaceLandmark.Configuration;
using FaceLandmark.Diagnostics;
using FaceLandmark.Inference;
using FaceLandmark.Inference.DrpAi;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.Locate;
using FaceLandmark.Models;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;
using FaceLandmark.Preprocess;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OpenCvSharp;
using SkiaSharp;

namespace FaceLandmark.Hosting;

/// <summary>Examines what the configured node needs.</summary>
internal static class NodeDoctor
{
    /// <summary>All findings, in the order of the data path.</summary>
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(EdgeNodeOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<Finding> findings =
        [
            Skia(),
            Jpeg(),
            Ffmpeg(),
            .. OpenCv(options.Preprocess.Path) is { } openCv ? new[] { openCv } : [],
            .. options.Cameras.Select(camera => Camera(camera, options.Pictures)),
        ];
        if (options.Locate.Mode != LocateMode.FullFrame)
            findings.Add(Detector(options.Locate));
        findings.Add(Model(options));
        if (Threads(options, new ThreadStore(StateFolder.Path())) is { } threads)
            findings.Add(threads);
        findings.Add(Accelerator(options));
        findings.Add(await BrokerAsync(options, cancellationToken).ConfigureAwait(false));
        return findings;
    }

    private static Finding Skia()
    {
        try
        {
            return new Finding(Finding.Ok, "Skia", $"version {SkiaSharpVersion.Native}; reads pictures and writes previews");
        }
        catch (Exception reason) when (reason is TypeInitializationException or DllNotFoundException)
        {
            return new Finding(
                Finding.Missing,
                "Skia",
                "its native library cannot be loaded: " + (reason.InnerException ?? reason).Message.Split('\n')[0],
                "build for this machine's processor"
            );
        }
    }

    private static Finding Jpeg() =>
        LibTurboJpeg.IsThere
            ? new Finding(Finding.Ok, "TurboJPEG", $"{LibTurboJpeg.Name}; reads and writes JPEGs")
            : new Finding(
                Finding.Absent,
                "TurboJPEG",
                $"{LibTurboJpeg.Name} does not load; Skia reads and writes JPEGs, which takes several times as long "
                    + "(sudo apt-get install libturbojpeg0, on Ubuntu libturbojpeg)"
            );

    // What a camera needs of it, the camera's own line tells.
    private static Finding Ffmpeg()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "ffmpeg"))
            .FirstOrDefault(File.Exists);
        return path is null
            ? new Finding(Finding.Absent, "ffmpeg", "not installed; video files and streams need it (sudo apt-get install ffmpeg)")
            : new Finding(Finding.Ok, "ffmpeg", $"{path}; decodes video files and streams");
    }

    /// <summary>What pre-processing by OpenCV needs; null where it is not asked for: with it comes a whole desktop, which takes a tenth of
    /// the time of all the others together.</summary>
    internal static Finding? OpenCv(PreprocessPath path)
    {
        if (path == PreprocessPath.Own)
            return null;
        try
        {
            return new Finding(Finding.Ok, "OpenCV", $"version {Cv2.GetVersionString()}");
        }
        catch (Exception reason) when (reason is TypeInitializationException or DllNotFoundException or OpenCvSharpException)
        {
            return new Finding(
                Finding.Missing,
                "OpenCV",
                $"its native library cannot be loaded, and Preprocess:Path {path.ToString().ToLowerInvariant()} needs it",
                "set Preprocess:Path to own"
            );
        }
    }

    /// <summary>Opens a camera and takes its first frame, as the node would.</summary>
    internal static Finding Camera(CameraOptions camera, PicturesOptions pictures)
    {
        var what = $"camera {camera.Name}";
        try
        {
            using var source = new FrameSourceFactory(TimeProvider.System, NullLogger<FrameSourceFactory>.Instance, pictures).Open(camera);
            using var pool = new FramePool();
            using var frame = source.Read(pool, CancellationToken.None);
            return frame is null
                ? new Finding(Finding.Missing, what, $"'{source.Info.Description}' holds no frame; name another source")
                : new Finding(Finding.Ok, what, $"{source.Info.Description}, {frame.Width}x{frame.Height}");
        }
        catch (SourceException reason)
        {
            return new Finding(Finding.Missing, what, reason.Message);
        }
    }

    private static Finding Detector(LocateOptions options)
    {
        try
        {
            using var detector = new BlazeFaceDetector(options);
            return new Finding(Finding.Ok, "face detector", ProgramFiles.Find(options.Detector));
        }
        catch (DetectorException reason)
        {
            return new Finding(Finding.Missing, "face detector", reason.Message);
        }
    }

    private static Finding Model(EdgeNodeOptions options)
    {
        try
        {
            var card = new ModelCatalogue(options.Models).Default();
            using var engine = EngineFactory.Open(card, options.Engines);
            return new Finding(Finding.Ok, "model", $"{card.Name}, {card.Landmarks} landmarks, {engine.Info.Runtime}");
        }
        catch (ExplainedException reason)
        {
            return new Finding(Finding.Missing, "model", reason.Message);
        }
        catch (Exception reason) when (reason is TypeInitializationException or DllNotFoundException)
        {
            return new Finding(
                Finding.Missing,
                "ONNX Runtime",
                "its native library cannot be loaded: " + (reason.InnerException ?? reason).Message.Split('\n')[0],
                "build for this machine's processor"
            );
        }
    }

    /// <summary>How many threads an inference takes; null where the settings say so, or where there is no model.</summary>
    internal static Finding? Threads(EdgeNodeOptions options, ThreadStore store)
    {
        try
        {
            var card = new ModelCatalogue(options.Models).Default();
            if (!ThreadTuning.IsFor(card, options.Engines))
                return null;
            var ready = FrameSourceFactory.FramesReady(options.Cameras);
            var atOnce = ThreadTuning.AtOnce(options.Engines.Onnx, ready, Environment.ProcessorCount);
            if (atOnce > 1)
                return new Finding(Finding.Ok, "threads", $"{atOnce} faces at once, each on its share of the processors");
            return new ThreadTuning(store).Find(card, options.Engines) is { } choice
                ? new Finding(Finding.Ok, "threads", $"{choice}; measured here, kept in {store.File}")
                : new Finding(Finding.Absent, "threads", "not measured for this machine and model yet; the node does it at its next start");
        }
        catch (Exception reason) when (reason is ExplainedException or TypeInitializationException or DllNotFoundException)
        {
            return null; // the model's finding says it
        }
    }

    private static Finding Accelerator(EdgeNodeOptions options)
    {
        switch (options.Engines.DrpAi.FindDevice())
        {
            case null:
                return new Finding(Finding.Absent, "DRP-AI", $"{DrpAiOptions.DeviceFile} does not exist; inference runs on the CPU");
            case DrpAiDevice.Emulated:
                return new Finding(Finding.Ok, "DRP-AI", "emulated on the CPU, as Engines:DrpAi:Device says");
        }

        try
        {
            using var engine = new DrpAiEngine(options.Engines.DrpAi, options.Locate.Mode != LocateMode.FullFrame);
            return new Finding(Finding.Ok, "DRP-AI", $"model object {engine.Info.Model.Name}");
        }
        catch (EngineException reason)
        {
            return new Finding(Finding.Missing, "DRP-AI", reason.Message);
        }
    }

    /// <summary>Connects to the broker as the node would, or sees whether the embedded one can listen.</summary>
    internal static async Task<Finding> BrokerAsync(EdgeNodeOptions options, CancellationToken cancellationToken)
    {
        if (options.Mqtt.Host.Length == 0)
        {
            try
            {
                using var listener = new TcpListener(System.Net.IPAddress.Loopback, options.Mqtt.Port);
                listener.Start();
                return new Finding(Finding.Ok, "broker", $"embedded, port {options.Mqtt.Port} on loopback is free");
            }
            catch (SocketException)
            {
                return new Finding(
                    Finding.Missing,
                    "broker",
                    $"port {options.Mqtt.Port} on loopback is taken, probably by another broker or node",
                    "set Mqtt:Port to a free one, or Mqtt:Host to use that broker"
                );
            }
        }

        var topics = new MqttTopics(options.Mqtt.BaseTopic, options.Node.Name, options.Cameras.Select(camera => camera.Name));
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new NodeMetrics(services.GetRequiredService<IMeterFactory>(), TimeProvider.System);
        List<string> faults = [];
        List<string> all = [];
        foreach (var mqtt in options.Mqtt.Each())
        {
            var (fault, found) = await new BrokerTrial(mqtt, topics, metrics, TimeProvider.System)
                .RunAsync(cancellationToken)
                .ConfigureAwait(false);
            if (fault is not null)
                faults.Add(fault);
            else
                all.Add(found);
        }

        return faults.Count == 0
            ? new Finding(Finding.Ok, "broker", string.Join("; ", all))
            : new Finding(Finding.Missing, "broker", string.Join(" ", faults));
    }
}
