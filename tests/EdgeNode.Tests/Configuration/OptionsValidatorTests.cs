using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Inference.DrpAi;

namespace FaceLandmark.Tests.Configuration;

public sealed class OptionsValidatorTests
{
    [Theory]
    [InlineData("Node:Name", "a/b")]
    [InlineData("Node:Name", "a+b")]
    [InlineData("Node:Name", "a\u0001b")]
    [InlineData("Node:DrainFor", "0s")]
    [InlineData("Cameras:0:Name", "#")]
    [InlineData("Cameras:0:Source", " ")]
    [InlineData("Cameras:0:Width", "15")]
    [InlineData("Cameras:0:Height", "8193")]
    [InlineData("Cameras:0:Fps", "0.5")]
    [InlineData("Cameras:0:Format", "H264")]
    [InlineData("Cameras:0:StallAfter", "100ms")]
    [InlineData("Cameras:0:ReopenAfter", "1h")]
    [InlineData("Cameras:0:ReopenAfterAtMost", "500ms")]
    [InlineData("Locate:Detector", "")]
    [InlineData("Locate:MinScore", "1.01")]
    [InlineData("Locate:MaxOverlap", "-0.1")]
    [InlineData("Locate:MaxFaces", "0")]
    [InlineData("Locate:DetectEvery", "0")]
    [InlineData("Dispatch:InFlight", "33")]
    [InlineData("Dispatch:OrderWindow", "5ms")]
    [InlineData("Dispatch:SlowAfter", "2min")]
    [InlineData("Dispatch:ProbeEvery", "50ms")]
    [InlineData("Engines:Onnx:Threads", "-1")]
    [InlineData("Engines:DrpAi:ModelObject", "")]
    [InlineData("Engines:DrpAi:Frequency", "0")]
    [InlineData("Engines:DrpAi:HangAfter", "5ms")]
    [InlineData("Engines:Tvm:Threads", "257")]
    [InlineData("Models:Folder", "")]
    [InlineData("Models:Default", "")]
    [InlineData("Postprocess:MinPresence", "2")]
    [InlineData("Mqtt:Port", "0")]
    [InlineData("Mqtt:Port", "65536")]
    [InlineData("Mqtt:BaseTopic", "a/#")]
    [InlineData("Mqtt:BaseTopic", "$SYS")]
    [InlineData("Mqtt:BaseTopic", "/a")]
    [InlineData("Mqtt:LandmarksQos", "2")]
    [InlineData("Mqtt:KeepAlive", "1s")]
    [InlineData("Mqtt:ReconnectAfter", "11min")]
    [InlineData("Mqtt:ReconnectAfterAtMost", "100ms")]
    [InlineData("Mqtt:QueueLength", "0")]
    [InlineData("Preview:Rate", "0")]
    [InlineData("Preview:MaxSize", "31")]
    [InlineData("Preview:Quality", "101")]
    [InlineData("Mqtt:WebSocketPath", "mqtt")]
    [InlineData("Mqtt:Failover", "broker2.lan:mqtt")]
    [InlineData("Events:AppearAfter", "2min")]
    [InlineData("Events:LeaveAfter", "0s")]
    [InlineData("Events:EyesClosedAfter", "100ms")]
    [InlineData("Events:YawnAfter", "2min")]
    [InlineData("Events:LookingAwayAfter", "11min")]
    [InlineData("Outbox:MaxMessages", "0")]
    [InlineData("Commands:Allow", "health,reboot")]
    [InlineData("HomeAssistant:Prefix", "a/#")]
    [InlineData("Onvif:TopicPrefix", "a/+/b")]
    [InlineData("Onvif:TopicPrefix", "/a")]
    [InlineData("Web:Port", "-1")]
    [InlineData("Web:Address", "localhost")]
    [InlineData("Diagnostics:StatsEvery", "2h")]
    [InlineData("Diagnostics:HttpPort", "65536")]
    [InlineData("Diagnostics:HttpAddress", "localhost")]
    [InlineData("Diagnostics:HttpPort", "8098")]
    [InlineData("Diagnostics:OtlpEndpoint", "collector:4318")]
    [InlineData("Diagnostics:OtlpEvery", "100ms")]
    [InlineData("Diagnostics:OtlpEndpoint", "ftp://collector")]
    [InlineData("Mqtt:BaseTopic", "a/")]
    [InlineData("Mqtt:BaseTopic", "")]
    [InlineData("Mqtt:BaseTopic", "a\u0001b")]
    [InlineData("Dispatch:Prefer", "cpu,gpu")]
    [InlineData("Engines:Remote:Url", "ftp://host")]
    [InlineData("Engines:Remote:Quality", "0")]
    [InlineData("Serve:Address", "localhost")]
    [InlineData("Serve:GrpcPort", "8000")]
    public void A_value_out_of_range_is_named_with_what_is_allowed(string key, string value)
    {
        var sources = new ConfigurationSources(Settings: new Dictionary<string, string?> { [key] = value });
        var errors = Assert.Throws<ConfigurationException>(() => sources.Load()).Errors;
        Assert.Contains(
            errors,
            error => error.StartsWith(key + " is ", StringComparison.Ordinal) && error.Contains("must be", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("Mqtt:Tls:CertificateFile", "Mqtt:Tls:KeyFile=node.key")]
    [InlineData("Mqtt:Tls:MinVersion", "Mqtt:Tls:MinVersion=tls13 Mqtt:Transport=web-socket Mqtt:Host=b")]
    [InlineData("Mqtt:Host", "Mqtt:Tls:Enabled=true")]
    [InlineData("Mqtt:Host", "Mqtt:Transport=web-socket")]
    [InlineData("Mqtt:Host", "Mqtt:Failover=broker2.lan")]
    [InlineData("Outbox:File", "Outbox:Landmarks=true")]
    [InlineData("Serve:CertificateFile", "Serve:KeyFile=serve.key")]
    public void Settings_that_do_not_go_together_are_named(string key, string settings)
    {
        var sources = new ConfigurationSources(
            Settings: settings.Split(' ').Select(setting => setting.Split('=')).ToDictionary(pair => pair[0], string? (pair) => pair[1])
        );
        Assert.StartsWith(
            key + " is ",
            Assert.Single(Assert.Throws<ConfigurationException>(() => sources.Load()).Errors),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("mjpg")]
    [InlineData("Yuyv")]
    public void The_case_of_a_format_does_not_matter(string format)
    {
        var errors = new List<string>();

        OptionsValidator.Validate(
            new EdgeNodeOptions
            {
                Node = new NodeOptions { Name = "n" },
                Cameras = [new CameraOptions { Format = format }],
            },
            errors
        );

        Assert.Empty(errors);
    }

    [Fact]
    public void All_errors_come_at_once()
    {
        var sources = new ConfigurationSources(
            Settings: new Dictionary<string, string?>
            {
                ["Mqtt:Port"] = "0",
                ["Preview:Quality"] = "0",
                ["Locate:MaxFaces"] = "65",
            }
        );
        Assert.Equal(3, Assert.Throws<ConfigurationException>(() => sources.Load()).Errors.Count);
    }

    [Fact]
    public void Cameras_need_names_of_their_own()
    {
        var errors = new List<string>();
        OptionsValidator.Validate(
            new EdgeNodeOptions
            {
                Node = new NodeOptions { Name = "n" },
                Cameras = [new CameraOptions(), new CameraOptions()],
            },
            errors
        );
        Assert.Contains("'cam0'", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drpai")]
    [InlineData("balance")]
    [InlineData("compare")]
    [InlineData("failover")]
    public void A_mode_that_needs_the_accelerator_is_refused_without_one_and_never_imitates_one(string mode)
    {
        if (File.Exists(DrpAiOptions.DeviceFile))
            Assert.Skip("This machine has a DRP-AI.");
        var settings = new Dictionary<string, string?> { ["Dispatch:Mode"] = mode };
        var error = Assert.Single(Assert.Throws<ConfigurationException>(() => new ConfigurationSources(Settings: settings).Load()).Errors);
        Assert.Contains($"Dispatch:Mode is '{mode}'", error, StringComparison.Ordinal);
        settings["Engines:DrpAi:Device"] = "emulated";
        Assert.Equal(DrpAiDevice.Emulated, new ConfigurationSources(Settings: settings).Load().Engines.DrpAi.FindDevice());
    }
}
