using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using FaceLandmark.Publish;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Publish;

public sealed class PreviewTurnTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly NodeMetrics _metrics;
    private readonly MqttTopics _topics = Samples.Topics("cam0", "cam1");

    public PreviewTurnTests() => _metrics = Samples.Metrics(_time);

    [Fact]
    public async Task Without_a_broker_previews_are_counted_at_their_rate_and_never_encoded()
    {
        await using var link = Samples.Link(_metrics, _time, _topics);
        using var previews = new PreviewPublisher(link, _topics, new PreviewOptions { Enabled = true, Rate = 5 }, _metrics, _time);
        var work = Samples.Work();
        for (var frame = 0; frame < 300; frame++)
        {
            Assert.False(previews.TakeTurn(work));
            _time.Advance(TimeSpan.FromSeconds(1 / 30.0));
        }

        Assert.InRange(_metrics.Snapshot().Drops[DropPlace.Preview][DropReason.Offline], 49, 51);
    }

    [Fact]
    public async Task Each_camera_has_a_rate_of_its_own_and_no_burst_follows_a_gap()
    {
        await using var link = Samples.Link(_metrics, _time, _topics);
        using var previews = new PreviewPublisher(link, _topics, new PreviewOptions { Enabled = true, Rate = 1 }, _metrics, _time);
        var (first, second) = (Samples.Work("cam0"), Samples.Work("cam1"));
        previews.TakeTurn(first);
        previews.TakeTurn(second);
        previews.TakeTurn(first);
        Assert.Equal(2, Taken());
        _time.Advance(TimeSpan.FromSeconds(100));
        previews.TakeTurn(first);
        previews.TakeTurn(first);
        Assert.Equal(3, Taken());
    }

    [Fact]
    public async Task Disabled_previews_take_no_turn()
    {
        await using var link = Samples.Link(_metrics, _time, _topics);
        using var previews = new PreviewPublisher(link, _topics, new PreviewOptions(), _metrics, _time);
        Assert.False(previews.TakeTurn(Samples.Work()));
        Assert.Empty(_metrics.Snapshot().Drops);
    }

    [Fact]
    public async Task A_snapshot_that_was_given_up_takes_no_later_frame()
    {
        await using var link = Samples.Link(_metrics, _time, _topics);
        using var previews = new PreviewPublisher(link, _topics, new PreviewOptions(), _metrics, _time);
        var first = previews.SnapshotAsync("cam0", TimeSpan.FromSeconds(5), CancellationToken.None);
        previews.TakeTurn(Samples.Work());
        Assert.Equal(1, Taken()); // its turn came, only no broker was there
        _time.Advance(TimeSpan.FromSeconds(3));
        using var left = new CancellationTokenSource();
        var second = previews.SnapshotAsync("cam0", TimeSpan.FromSeconds(5), left.Token);
        _time.Advance(TimeSpan.FromSeconds(3));
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        previews.TakeTurn(Samples.Work());
        Assert.Equal(2, Taken()); // the other one still waits
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        _time.Advance(TimeSpan.FromHours(3));
        Assert.False(previews.TakeTurn(Samples.Work()));
        Assert.Equal(2, Taken());
    }

    private long Taken() => _metrics.Snapshot().Drops[DropPlace.Preview][DropReason.Offline];
}
