using System.Threading.Tasks.Dataflow;
using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;
using FaceLandmark.Locate;
using FaceLandmark.Pipeline;
using FaceLandmark.Tests.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Pipeline;

public sealed class FlowLimiterTests : IDisposable
{
    private readonly FramePool _pool = new();
    private readonly NodeMetrics _metrics = TestMetrics.Create();
    private readonly FrameWorkPool _works = new(1, 98);
    private readonly CameraLane _camera = new(0, "cam0", "session", new FixedLocator());
    private readonly BufferBlock<FrameWork> _output = new();

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Of_live_frames_the_newest_waits_and_the_others_are_given_back_and_counted()
    {
        var gate = Gate(inFlight: 1);
        for (var i = 1; i <= 5; i++)
            gate.Offer(Frame(i), isLive: true, CancellationToken.None);
        var first = Receive();
        gate.Leave();
        var second = Receive();

        Assert.Equal([1L, 5L], [first.Sequence, second.Sequence]);
        Assert.Equal(3, Dropped(DropReason.NewerFrame));
        Assert.Equal(3, _camera.TakeDropped());
        _works.Return(first);
        _works.Return(second);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void What_the_camera_lost_is_counted_with_the_frame_that_follows()
    {
        var gate = Gate(inFlight: 1);
        var frame = Frame(6);
        (frame.LostBefore, frame.DamagedBefore) = (3, 2);
        gate.Offer(frame, isLive: true, CancellationToken.None);
        _works.Return(Receive());

        var drops = _metrics.Snapshot().Drops[DropPlace.Camera];
        Assert.Equal((3, 2), (drops[DropReason.DriverLost], drops[DropReason.Damaged]));
        Assert.Equal(5, _camera.TakeDropped());
    }

    [Fact]
    public async Task Frames_of_files_wait_for_room_and_none_is_lost()
    {
        var gate = Gate(inFlight: 2);
        var source = Task.Run(
            () =>
            {
                for (var i = 1; i <= 50; i++)
                    gate.Offer(Frame(i), isLive: false, CancellationToken.None);
                gate.Complete();
            },
            TestContext.Current.CancellationToken
        );
        var seen = new List<long>();
        while (await _output.OutputAvailableAsync(TestContext.Current.CancellationToken))
        {
            var work = await _output.ReceiveAsync(TestContext.Current.CancellationToken);
            seen.Add(work.Sequence);
            _works.Return(work);
            gate.Leave();
        }

        await source;
        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), seen);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Theory]
    [InlineData(true, 100)]
    [InlineData(false, 105)]
    public void Latency_counts_from_the_capture_of_a_live_frame_and_from_the_gate_of_one_that_was_read_ahead(bool isLive, int since)
    {
        var time = new FakeTimeProvider();
        var gate = Gate(inFlight: 1, time: time);
        time.Advance(TimeSpan.FromMilliseconds(100));
        var frame = Frame(1);
        frame.Timestamp = time.GetTimestamp();
        time.Advance(TimeSpan.FromMilliseconds(5));
        gate.Offer(frame, isLive, CancellationToken.None);
        var work = Receive();
        time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(125 - since, time.GetElapsedTime(work.BeganAt).TotalMilliseconds);
        Assert.Equal(25, time.GetElapsedTime(work.Timestamp).TotalMilliseconds);
        _works.Return(work);
    }

    [Fact]
    public async Task Cancelling_a_waiting_file_gives_its_frame_back()
    {
        var gate = Gate(inFlight: 1);
        gate.Offer(Frame(1), isLive: false, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var waiting = Task.Run(() => gate.Offer(Frame(2), isLive: false, stop.Token), TestContext.Current.CancellationToken);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _works.Return(Receive());
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void What_waits_at_the_end_is_given_back_and_nothing_more_gets_in()
    {
        var gate = Gate(inFlight: 1);
        gate.Offer(Frame(1), isLive: true, CancellationToken.None);
        gate.Offer(Frame(2), isLive: true, CancellationToken.None);
        gate.Complete();
        gate.Offer(Frame(3), isLive: true, CancellationToken.None);
        _works.Return(Receive());

        Assert.Equal(2, Dropped(DropReason.Stopping));
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void More_places_let_the_waiting_frame_in_and_fewer_wait_until_frames_have_left()
    {
        var gate = Gate(inFlight: 1);
        gate.Offer(Frame(1), isLive: true, CancellationToken.None);
        gate.Offer(Frame(2), isLive: true, CancellationToken.None);
        gate.SetInFlight(2);
        FrameWork[] both = [Receive(), Receive()];
        Assert.Equal([1L, 2L], both.Select(work => work.Sequence));

        gate.SetInFlight(1);
        gate.Offer(Frame(3), isLive: true, CancellationToken.None);
        gate.Leave();
        Assert.False(_output.TryReceive(out _));
        gate.Leave();
        foreach (var work in (FrameWork[])[.. both, Receive()])
            _works.Return(work);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void The_budget_lets_in_exactly_so_many_frames_and_says_when_it_is_spent()
    {
        var budget = new FrameBudget(3);
        var gate = Gate(inFlight: 8, budget);
        for (var i = 1; i <= 3; i++)
        {
            Assert.False(budget.Spent.IsCompleted);
            gate.Offer(Frame(i), isLive: true, CancellationToken.None);
        }

        Assert.True(budget.Spent.IsCompleted);
        gate.Offer(Frame(4), isLive: true, CancellationToken.None);
        for (var i = 0; i < 3; i++)
            _works.Return(Receive());
        Assert.Equal(0, _pool.Outstanding);
        Assert.Empty(_metrics.Snapshot().Drops);
    }

    private FlowLimiter Gate(int inFlight, FrameBudget? budget = null, TimeProvider? time = null) =>
        new(
            _camera,
            inFlight,
            new Admission(places: 1000, isPaced: false, time ?? TimeProvider.System),
            _output,
            budget ?? new FrameBudget(),
            _works.Rent,
            _metrics
        );

    private Frame Frame(long sequence)
    {
        var frame = _pool.Rent(16, 16, PixelLayout.Yuy2);
        frame.Sequence = sequence;
        return frame;
    }

    private FrameWork Receive() =>
        _output.TryReceive(out var work)
            ? work
            : throw new InvalidOperationException("Nothing came through the gate.");

    private long Dropped(DropReason reason) => _metrics.Snapshot().Drops[DropPlace.Gate].GetValueOrDefault(reason);
}
