using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;
using FaceLandmark.Health;
using FaceLandmark.Hosting;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Tests.Publish;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Hosting;

/// <summary>What systemd hears of a node; the socket itself is tested with the installed package.</summary>
public sealed class ServiceManagerLinkTests : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stall = TimeSpan.FromSeconds(5);
    private readonly FakeTimeProvider _time = new();
    private readonly Recorder _systemd = new();
    private readonly FakeLogger _log = new();
    private readonly NodeMetrics _metrics;
    private readonly NodeHealth _health;
    private LinkState _broker = LinkState.Online;
    private ServiceManagerLink? _link;

    public ServiceManagerLinkTests()
    {
        _metrics = Samples.Metrics(_time);
        _health = new NodeHealth(Samples.Identity, _metrics, () => _broker, () => Samples.Engine, new SteadyDispatch(), _time);
    }

    public void Dispose() => _link?.Dispose();

    [Fact]
    public void It_is_ready_at_once_and_fed_while_results_come()
    {
        Start();
        Camera(CameraCondition.Streaming);
        Assert.Equal(["READY=1"], _systemd.Said);
        for (var second = 0; second < 120; second++)
            Pass(framesIn: 1, framesOut: 1);
        Assert.Equal(24, _systemd.Feedings);
        Assert.Contains("STATUS=1.0 frames/s.", _systemd.Said[^1], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "reliability")]
    public void It_starves_when_frames_go_in_and_none_come_out_and_is_fed_again_when_they_do()
    {
        Start();
        Camera(CameraCondition.Streaming);
        Pass(framesIn: 10, framesOut: 10, seconds: 5);
        for (var second = 0; second < 60; second++)
            Pass(framesIn: 10);
        Assert.Equal(3, _systemd.Feedings); // the last within half the period
        Assert.Equal(805, Assert.Single(_log.Collector.GetSnapshot()).Id.Id);
        Pass(framesOut: 1, seconds: 5);
        Assert.Equal(4, _systemd.Feedings);
    }

    [Theory]
    [InlineData(CameraCondition.Opening)]
    [InlineData(CameraCondition.Unplugged)]
    [InlineData(CameraCondition.Stalled)]
    [InlineData(CameraCondition.Stopped)]
    [InlineData(CameraCondition.Ended)]
    internal void It_is_fed_while_a_camera_has_no_frames_to_give(CameraCondition condition)
    {
        Start();
        Pass(framesIn: 10, framesOut: 10, seconds: 5);
        Camera(condition);
        Pass(seconds: 600);
        Assert.Equal(121, _systemd.Feedings);
        Assert.Empty(_log.Collector.GetSnapshot());
    }

    [Fact]
    public void It_starves_when_a_camera_says_that_it_streams_and_its_stall_watch_says_nothing()
    {
        Start();
        Camera(CameraCondition.Streaming);
        Pass(framesIn: 10, framesOut: 10, seconds: 5);
        Pass(seconds: 15);
        Assert.Equal(4, _systemd.Feedings); // slow cameras are no fault
        Pass(seconds: 60);
        Assert.Equal(4, _systemd.Feedings);
    }

    [Fact]
    public void It_is_fed_while_the_node_stops()
    {
        Start();
        Camera(CameraCondition.Streaming);
        Pass(framesIn: 10);
        _link!.Stopping();
        Pass(seconds: 60);
        Assert.Equal("STOPPING=1", _systemd.Said[1]);
        Assert.Equal(12, _systemd.Feedings);
    }

    [Fact]
    public void A_live_source_that_has_ended_is_a_trouble_and_a_file_that_is_through_is_none()
    {
        _health.Follow(new CameraStatus("cam0", CameraCondition.Ended, "'rtsp://x' has ended.", _time.GetUtcNow(), Samples.Source));
        Assert.Equal(["cam0: 'rtsp://x' has ended."], _health.Troubles);
        _health.Follow(new CameraStatus("cam0", CameraCondition.Ended, null, _time.GetUtcNow(), Samples.Source with { IsLive = false }));
        Assert.Empty(_health.Troubles);
    }

    [Fact]
    public void The_status_names_the_troubles_on_one_line()
    {
        Start(watchdog: null);
        _broker = LinkState.Disconnected;
        Camera(CameraCondition.Unplugged, "It is\ngone.");
        Pass(seconds: 5);
        Assert.Equal("STATUS=0.0 frames/s. There is no connection to the broker. cam0: It is gone.", _systemd.Said[^1]);
    }

    [Fact]
    public void Nothing_is_said_without_systemd()
    {
        _systemd.IsEnabled = false;
        Start();
        Pass(seconds: 60);
        _link!.Stopping();
        Assert.Empty(_systemd.Said);
    }

    [Theory]
    [InlineData("30000000", null, 30)]
    [InlineData("30000000", "77", 30)]
    [InlineData("30000000", "78", null)] // another process of the unit is watched
    [InlineData("0", null, null)]
    [InlineData("soon", null, null)]
    [InlineData(null, null, null)]
    public void The_period_is_the_one_meant_for_this_process(string? microseconds, string? process, int? seconds) =>
        Assert.Equal(seconds, (int?)ServiceManager.WatchdogPeriod(microseconds, process, 77)?.TotalSeconds);

    private void Start() => Start(s_period);

    private void Start(TimeSpan? watchdog) => _link = new ServiceManagerLink(_systemd, watchdog, _health, _metrics, s_stall, _time, _log);

    private void Camera(CameraCondition condition, string? cause = null) =>
        _health.Follow(new CameraStatus("cam0", condition, cause, _time.GetUtcNow(), null));

    private void Pass(int framesIn = 0, int framesOut = 0, int seconds = 1)
    {
        for (var i = 0; i < framesIn; i++)
            _metrics.FrameCaptured();
        for (var i = 0; i < framesOut; i++)
            _metrics.FrameFinished("cam0", "onnx", 1, new StageTimes());
        _time.Advance(TimeSpan.FromSeconds(seconds));
    }

    private sealed class Recorder : ISystemdNotifier
    {
        public List<string> Said { get; } = [];

        public int Feedings => Said.Count(said => said.EndsWith("\nWATCHDOG=1", StringComparison.Ordinal));

        public bool IsEnabled { get; set; } = true;

        public void Notify(ServiceState state) => Said.Add(state.ToString());
    }

    private sealed class SteadyDispatch : IDispatchControl
    {
        public event Action? Changed
        {
            add { }
            remove { }
        }

        public DispatchMode Mode { get; set; }

        public DispatchStatus Status => new(Mode, ["onnx"], null);
    }
}
