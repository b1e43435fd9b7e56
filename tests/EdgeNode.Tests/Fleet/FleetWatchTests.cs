using System.Text;
using FaceLandmark.Fleet;
using FaceLandmark.Mqtt;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;

namespace FaceLandmark.Tests.Fleet;

public sealed class FleetWatchTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly FleetWatch _fleet;

    public FleetWatchTests() => _fleet = new FleetWatch("site/faces", _time);

    [Fact]
    public void It_gathers_what_a_node_says()
    {
        Retained("node7/status", "online");
        Retained(
            "node7/info",
            """
            {"session":"s1","software":{"version":"1.2.3"},"started":"2026-05-01T11:00:00.000000000Z",
             "dispatch":{"mode":"balance","failed":null},
             "engines":[{"name":"onnx","model":{"name":"deeppose-resnet18"}}],"cameras":[{"name":"cam0"},{"name":"cam1"}]}
            """
        );
        Retained("node7/cameras/cam0/state", """{"state":"streaming","since":"2026-05-01T11:00:01.000000000Z"}""");
        Retained("node7/cameras/cam0/summary", """{"count":2,"fps":29.9,"at":"2026-05-01T11:59:50.000000000Z"}""");
        var node = Assert.Single(_fleet.Snapshot());
        Assert.Equal(("online", "s1", "1.2.3"), (node.Status, node.Session, node.Version));
        Assert.Equal(("deeppose-resnet18", "balance"), (node.Model, node.Dispatch));
        Assert.Equal([new FleetCamera("cam0", "streaming", null, 2, 29.9), new FleetCamera("cam1", null, null, null, null)], node.Cameras);
        Assert.Equal(10, node.AgeSeconds);
        Assert.Null(node.FpsOut);
        Assert.Empty(node.Problems);

        Live(
            "node7/stats",
            """
            {"at":"2026-05-01T12:00:00.000000000Z","fps":{"in":30,"out":28.5},"endToEnd":{"p50":8.1,"p95":9,"p99":12.5},
             "drops":{"gate":{"newer":3},"mqtt":{"offline":4}}}
            """
        );
        node = Assert.Single(_fleet.Snapshot());
        Assert.Equal((30d, 28.5, 8.1, 12.5), (node.FpsIn, node.FpsOut, node.LatencyMs, node.LatencyP99Ms));
        Assert.Equal((7L, 0d), (node.Dropped, node.AgeSeconds));
    }

    [Fact]
    public void What_is_wrong_comes_first()
    {
        Retained("well/status", "online");
        Retained("stopped/status", "stopped");
        Retained("blind/status", "online");
        Retained("blind/cameras/cam0/state", """{"state":"failed","cause":"Nothing is plugged in."}""");
        Retained("gone/status", "offline");
        Retained("limping/status", "online");
        Retained("limping/info", """{"dispatch":{"mode":"failover","failed":"drpai"}}""");
        Assert.Equal(["gone", "blind", "limping", "well", "stopped"], _fleet.Snapshot().Select(node => node.Node));
        Assert.Equal(
            [
                "The node is gone without a goodbye.",
                "Camera cam0 is failed: Nothing is plugged in.",
                "The engine drpai has failed.",
            ],
            _fleet.Snapshot().SelectMany(node => node.Problems)
        );
    }

    [Fact]
    public void What_a_known_node_says_all_the_time_is_no_news()
    {
        Retained("node7/status", "online");
        var known = _fleet.LastNews;
        _time.Advance(TimeSpan.FromSeconds(1));
        Live("node7/stats", "{}");
        Live("node7/cameras/cam0/summary", """{"count":1}""");
        Assert.Equal(known, _fleet.LastNews);
        Live("node7/cameras/cam0/state", """{"state":"stalled"}""");
        Assert.Equal(_time.GetTimestamp(), _fleet.LastNews);
        _time.Advance(TimeSpan.FromSeconds(1));
        Live("node8/cameras/cam0/summary", """{"count":1}""");
        Assert.Equal(_time.GetTimestamp(), _fleet.LastNews);
    }

    [Fact]
    public void A_node_that_falls_silent_has_a_problem()
    {
        Retained("node7/status", "online");
        Live("node7/stats", "{}");
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(Assert.Single(_fleet.Snapshot()).Problems);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(["The node has said nothing for 89 s."], Assert.Single(_fleet.Snapshot()).Problems);
    }

    [Fact]
    public void A_node_that_was_cleared_away_is_gone()
    {
        Retained("node7/status", "offline");
        Live("node7/status", "");
        Assert.Empty(_fleet.Snapshot());
    }

    [Fact]
    public void A_camera_that_the_node_no_longer_has_is_gone()
    {
        Retained("node7/cameras/old/state", """{"state":"failed"}""");
        Retained("node7/status", "online");
        Retained("node7/info", """{"cameras":[{"name":"new"}]}""");
        Assert.Equal(["new"], Assert.Single(_fleet.Snapshot()).Cameras.Select(camera => camera.Name));
    }

    [Theory]
    [InlineData("info", "")]
    [InlineData("info", "[]")]
    [InlineData("info", "{\"engines\":7}")]
    [InlineData("info", "{\"software\":null}")]
    [InlineData("stats", "{\"drops\":{\"gate\":{\"newer\":\"many\"}}}")]
    [InlineData("stats", "{\"at\":\"yesterday\"}")]
    [InlineData("cameras/cam0/state", "\u0000\u0001")]
    [InlineData("cameras/cam0/summary", "{\"count\":1e99}")]
    public void What_cannot_be_read_is_passed_over(string topic, string payload)
    {
        Retained($"node7/{topic}", payload);
        Retained("node7/status", "online");
        Assert.Equal("online", Assert.Single(_fleet.Snapshot()).Status);
    }

    [Fact]
    public void Names_and_causes_do_not_steer_the_terminal()
    {
        Retained("node7/status", "online");
        Retained("node7/cameras/cam0/state", """{"state":"failed","cause":"\u001b[2J[red]x[/]"}""");
        var report = FleetReport.Of(_fleet.Snapshot(), "broker:1883", "site/faces", _time.GetUtcNow());
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = 240;
        console.Write(FleetTable.Of(report));
        Assert.Contains("1 node below site/faces at broker:1883, 1 online, 1 with a problem", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("Camera cam0 is failed: ?[2J[red]x[/]", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text.ToString());
    }

    private void Retained(string topic, string payload) => Take(topic, payload, true);

    private void Live(string topic, string payload) => Take(topic, payload, false);

    private void Take(string topic, string payload, bool retained) =>
        _fleet.Take(new InboundMessage($"site/faces/{topic}", Encoding.UTF8.GetBytes(payload), retained));
}
