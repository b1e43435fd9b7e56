using System.Globalization;
using System.Net;
using FaceLandmark.Capture;
using FaceLandmark.Control;
using FaceLandmark.Inference.Remote;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;
using FaceLandmark.Preprocess;
using FaceLandmark.Publish;
using FaceLandmark.Serving;

namespace FaceLandmark.Configuration;

/// <summary>
/// The ranges of all settings, in the order of the data path. Every error quotes the full key, the value and what is allowed.
/// </summary>
internal static class OptionsValidator
{
    /// <summary>Adds one sentence for each value that is out of its range.</summary>
    public static void Validate(EdgeNodeOptions options, ICollection<string> errors)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(errors);
        var check = new RangeCheck(errors);

        check.TopicLevel("Node:Name", options.Node.Name);
        check.Duration("Node:DrainFor", options.Node.DrainFor, 0.1, 300);

        for (var i = 0; i < options.Cameras.Count; i++)
            Validate(options.Cameras[i], $"Cameras:{i}:", check);
        foreach (var twins in options.Cameras.GroupBy(camera => camera.Name).Where(group => group.Count() > 1))
            errors.Add($"Cameras has {twins.Count()} entries with the Name '{twins.Key}': every camera needs a name of its own.");

        check.Number("Pictures:MaxMegapixels", options.Pictures.MaxMegapixels, 1, 700);
        var locate = options.Locate;
        check.NotEmpty("Locate:Detector", locate.Detector);
        check.Number("Locate:MinScore", locate.MinScore, 0, 1);
        check.Number("Locate:MaxOverlap", locate.MaxOverlap, 0, 1);
        check.Number("Locate:MaxFaces", locate.MaxFaces, 1, 64);
        check.Number("Locate:DetectEvery", locate.DetectEvery, 1, 10_000);
        if (CpuPath.Refusal(options.Preprocess.Path) is { } missing)
            errors.Add(missing);
        check.Number("Dispatch:InFlight", options.Dispatch.InFlight, 1, 32);
        check.Duration("Dispatch:OrderWindow", options.Dispatch.OrderWindow, 0.01, 60);
        check.Duration("Dispatch:SlowAfter", options.Dispatch.SlowAfter, 0.01, 60);
        check.Duration("Dispatch:ProbeEvery", options.Dispatch.ProbeEvery, 0.1, 600);
        if (options.Dispatch.Preferred() is null)
            errors.Add(
                $"Dispatch:Prefer is '{RangeCheck.Shown(options.Dispatch.Prefer)}', but must be some of cpu, drpai and remote, each once, "
                    + "separated by commas."
            );
        else if (Dispatcher.Refusal(options.Dispatch.Mode, options.Dispatch, Engines(options)) is { } refusal)
            errors.Add(refusal);
        check.Number("Engines:Onnx:Threads", options.Engines.Onnx.Threads, 0, 256);
        check.Number("Engines:Onnx:AtOnce", options.Engines.Onnx.AtOnce, 0, 64);
        check.NotEmpty("Engines:DrpAi:ModelObject", options.Engines.DrpAi.ModelObject);
        check.Number("Engines:DrpAi:Frequency", options.Engines.DrpAi.Frequency, 1, 127);
        check.Duration("Engines:DrpAi:HangAfter", options.Engines.DrpAi.HangAfter, 0.01, 60);
        ValidateRemote(options.Engines.Remote, check, errors);
        check.Number("Engines:Tvm:Threads", options.Engines.Tvm.Threads, 0, 256);
        check.NotEmpty("Models:Folder", options.Models.Folder);
        check.NotEmpty("Models:Default", options.Models.Default);
        check.Number("Postprocess:MinPresence", options.Postprocess.MinPresence, 0, 1);

        var mqtt = options.Mqtt;
        check.Number("Mqtt:Port", mqtt.Port, 1, 65_535);
        check.Topic("Mqtt:BaseTopic", mqtt.BaseTopic);
        check.Number("Mqtt:LandmarksQos", mqtt.LandmarksQos, 0, 1);
        check.Duration("Mqtt:KeepAlive", mqtt.KeepAlive, 5, 3600);
        check.Duration("Mqtt:ReconnectAfter", mqtt.ReconnectAfter, 0.1, 600);
        check.Duration("Mqtt:ReconnectAfterAtMost", mqtt.ReconnectAfterAtMost, mqtt.ReconnectAfter.TotalSeconds, 3600);
        check.Number("Mqtt:QueueLength", mqtt.QueueLength, 1, 100_000);

        var preview = options.Preview;
        check.Number("Preview:Rate", preview.Rate, PreviewOptions.LeastRate, PreviewOptions.MostRate);
        check.Number("Preview:MaxSize", preview.MaxSize, PreviewOptions.LeastSize, PreviewOptions.MostSize);
        check.Number("Preview:Quality", preview.Quality, 1, 100);
        ValidateMessages(options, check, errors);
        ValidateServe(options.Serve, check, errors);
        check.Duration("Diagnostics:StatsEvery", options.Diagnostics.StatsEvery, 0.1, 3600);
    }

    private static List<DispatchMode> Engines(EdgeNodeOptions options)
    {
        List<DispatchMode> engines = [DispatchMode.Cpu];
        if (options.Engines.DrpAi.FindDevice() is not null)
            engines.Add(DispatchMode.Drpai);
        if (options.Engines.Remote.Url.Length > 0)
            engines.Add(DispatchMode.Remote);
        return engines;
    }

    private static void ValidateRemote(RemoteOptions remote, RangeCheck check, ICollection<string> errors)
    {
        if (remote.Url.Length > 0 && remote.Servers() is null)
            errors.Add(
                $"Engines:Remote:Url is '{RangeCheck.Shown(PublicText.WithoutSecrets(remote.Url))}', but must be addresses such as "
                    + "http://host:8001, https://host:8001 or dns:///host:8001, separated by commas, without account and path."
            );
        check.Number("Engines:Remote:Quality", remote.Quality, 1, 100);
        check.Duration("Engines:Remote:Deadline", remote.Deadline, 0.01, 60);
        check.Number("Engines:Remote:InFlight", remote.InFlight, 1, 256);
    }

    private static void ValidateServe(ServeOptions serve, RangeCheck check, ICollection<string> errors)
    {
        check.Address("Serve:Address", serve.Address);
        check.Number("Serve:HttpPort", serve.HttpPort, 0, 65_535);
        check.Number("Serve:GrpcPort", serve.GrpcPort, 1, 65_535);
        if (serve.HttpPort == serve.GrpcPort)
            errors.Add($"Serve:GrpcPort is {serve.GrpcPort}, but must be another than Serve:HttpPort.");
        check.Number("Serve:QueueLength", serve.QueueLength, 1, 1000);
        if (serve is { KeyFile.Length: > 0, CertificateFile.Length: 0 })
            errors.Add("Serve:CertificateFile is empty, but must be given with Serve:KeyFile.");
    }

    private static void ValidateMessages(EdgeNodeOptions options, RangeCheck check, ICollection<string> errors)
    {
        var mqtt = options.Mqtt;
        if (BrokerAddress.Advice(mqtt.Host) is { } advice)
            errors.Add(advice);
        // What is written there is not repeated: it may be a URL with a password.
        if (BrokerAddress.List(mqtt.Failover, mqtt.Port) is null)
            errors.Add(
                "Mqtt:Failover is no list of brokers, but must be names or addresses, separated by commas, each with its port where that "
                    + "is not Mqtt:Port, such as broker2.lan,broker3.lan:1884."
            );
        else if (mqtt is { Failover.Length: > 0, Host.Length: 0 })
            errors.Add("Mqtt:Host is empty, but must be given with Mqtt:Failover: the node's own broker has no other address.");
        if (!mqtt.WebSocketPath.StartsWith('/') || mqtt.WebSocketPath.Any(char.IsControl))
            errors.Add($"Mqtt:WebSocketPath is '{RangeCheck.Shown(mqtt.WebSocketPath)}', but must be a path that begins with /.");
        if (mqtt.Transport == MqttTransport.WebSocket && mqtt.Tls.MinVersion == TlsVersion.Tls13)
            errors.Add(
                "Mqtt:Tls:MinVersion is Tls13, but must be tls12 with Mqtt:Transport web-socket: "
                    + "a WebSocket uses the versions that the system allows."
            );
        if (mqtt.Tls is { KeyFile.Length: > 0, CertificateFile.Length: 0 })
            errors.Add("Mqtt:Tls:CertificateFile is empty, but must be given with Mqtt:Tls:KeyFile.");
        if (mqtt.Host.Length == 0 && (mqtt.Tls.Enabled || mqtt.Transport == MqttTransport.WebSocket))
            errors.Add(
                "Mqtt:Host is empty, but must be given with Mqtt:Tls or a WebSocket: the node's own broker speaks plain MQTT on loopback."
            );

        var events = options.Events;
        check.Duration("Events:AppearAfter", events.AppearAfter, 0, 60);
        check.Duration("Events:LeaveAfter", events.LeaveAfter, 0.1, 600);
        check.Duration("Events:EyesClosedAfter", events.EyesClosedAfter, 0.2, 60);
        check.Duration("Events:YawnAfter", events.YawnAfter, 0.2, 60);
        check.Duration("Events:LookingAwayAfter", events.LookingAwayAfter, 0.2, 600);
        check.Number("Outbox:MaxMessages", options.Outbox.MaxMessages, 1, 10_000_000);
        check.Duration("Outbox:RefusedAtMost", options.Outbox.RefusedAtMost, 0, 86_400);
        if (options.Outbox is { Landmarks: true, File.Length: 0 })
            errors.Add("Outbox:File is empty, but must be given with Outbox:Landmarks.");
        foreach (var verb in options.Commands.Verbs().Except(CommandsOptions.All))
            errors.Add(
                $"Commands:Allow is '{RangeCheck.Shown(options.Commands.Allow)}', but must be {CommandsOptions.Auto} or some of "
                    + $"{string.Join(", ", CommandsOptions.All)}, and '{RangeCheck.Shown(verb)}' is not one of them."
            );
        check.Topic("HomeAssistant:Prefix", options.HomeAssistant.Prefix);
        if (options.Onvif.TopicPrefix.Length > 0)
            check.Topic("Onvif:TopicPrefix", options.Onvif.TopicPrefix);

        check.Number("Web:Port", options.Web.Port, 0, 65_535);
        check.Address("Web:Address", options.Web.Address);
        var diagnostics = options.Diagnostics;
        check.Number("Diagnostics:HttpPort", diagnostics.HttpPort, 0, 65_535);
        check.Address("Diagnostics:HttpAddress", diagnostics.HttpAddress);
        if (diagnostics.HttpPort != 0 && diagnostics.HttpPort == options.Web.Port)
            errors.Add(
                $"Diagnostics:HttpPort is {diagnostics.HttpPort}, but must be different from Web:Port (which serves /health and /metrics, "
                    + "too)."
            );
        if (
            diagnostics.OtlpEndpoint.Length > 0
            && !(Uri.TryCreate(diagnostics.OtlpEndpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        )
            errors.Add(
                $"Diagnostics:OtlpEndpoint is '{RangeCheck.Shown(diagnostics.OtlpEndpoint)}', but must be a URL with http or https."
            );
        check.Duration("Diagnostics:OtlpEvery", diagnostics.OtlpEvery, 1, 3600);
    }

    private static void Validate(CameraOptions camera, string key, RangeCheck check)
    {
        check.TopicLevel(key + "Name", camera.Name);
        check.NotEmpty(key + "Source", camera.Source);
        check.Number(key + "Width", camera.Width, 16, 8192);
        check.Number(key + "Height", camera.Height, 16, 8192);
        check.Number(key + "Fps", camera.Fps, 1, 1000);
        check.OneOf(key + "Format", camera.Format, "YUYV", "UYVY", "NV12", "YU12", "MJPG", "GREY");
        check.Duration(key + "StallAfter", camera.StallAfter, 0.5, 600);
        check.Duration(key + "ReopenAfter", camera.ReopenAfter, 0.1, 600);
        check.Duration(key + "ReopenAfterAtMost", camera.ReopenAfterAtMost, camera.ReopenAfter.TotalSeconds, 3600);
    }

    private sealed class RangeCheck(ICollection<string> errors)
    {
        public void Number(string key, double value, double least, double most)
        {
            if (!(value >= least && value <= most))
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{key} is {value}, but must be from {least} to {most}."));
        }

        public void Duration(string key, TimeSpan value, double least, double most)
        {
            if (value.TotalSeconds < least || value.TotalSeconds > most)
                errors.Add(
                    string.Create(CultureInfo.InvariantCulture, $"{key} is {value.TotalSeconds} s, but must be from {least} s to {most} s.")
                );
        }

        public void NotEmpty(string key, string value)
        {
            if (string.IsNullOrWhiteSpace(value))
                errors.Add($"{key} is empty, but must be given.");
        }

        public void OneOf(string key, string value, params string[] allowed)
        {
            if (!allowed.Contains(value, StringComparer.OrdinalIgnoreCase))
                errors.Add($"{key} is '{value}', but must be one of {string.Join(", ", allowed)}.");
        }

        public void Address(string key, string value)
        {
            if (!IPAddress.TryParse(value, out _))
                errors.Add($"{key} is '{Shown(value)}', but must be an IP address of this machine, or 0.0.0.0.");
        }

        public void TopicLevel(string key, string value)
        {
            if (value.Length is 0 or > 64 || value.Any(letter => letter is '+' or '#' or '/' || char.IsControl(letter)))
                errors.Add(
                    $"{key} is '{Shown(value)}', but must be 1 to 64 characters without + # / and control characters: "
                        + "it becomes a part of MQTT topics."
                );
        }

        public void Topic(string key, string value)
        {
            if (
                value.Length is 0 or > 256
                || value.StartsWith('$')
                || value.StartsWith('/')
                || value.EndsWith('/')
                || value.Any(letter => letter is '+' or '#' || char.IsControl(letter))
            )
                errors.Add(
                    $"{key} is '{Shown(value)}', but must be 1 to 256 characters without + # and control characters, "
                        + "without / at its ends or $ at its beginning."
                );
        }

        public static string Shown(string value) => string.Concat(value.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
    }
}
