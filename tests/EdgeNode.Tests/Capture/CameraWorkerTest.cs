using System.Threading.Channels;
using FaceLandmark.Capture;
using Microsoft.Extensions.Logging.Testing;

namespace FaceLandmark.Tests.Capture;

/// <summary>A worker with a clock moved by hand and a sink that collects; afterwards no frame may be missing from the pool.</summary>
public abstract class CameraWorkerTest : IDisposable
{
    private protected static readonly CameraOptions Live = new()
    {
        StallAfter = TimeSpan.FromSeconds(5),
        ReopenAfter = TimeSpan.FromSeconds(1),
        ReopenAfterAtMost = TimeSpan.FromSeconds(7),
    };

    private readonly Channel<CameraStatus> _statuses = Channel.CreateUnbounded<CameraStatus>();

    private protected static CancellationToken Test => TestContext.Current.CancellationToken;

    private protected WatchedTimeProvider Time { get; } = new();

    private protected FramePool Pool { get; } = new();

    private protected CollectingSink Sink { get; } = new();

    private protected FakeLogger Log { get; } = new();

    private protected CancellationTokenSource Stop { get; } = new();

    public void Dispose()
    {
        Assert.Equal(0, Pool.Outstanding);
        Pool.Dispose();
        Stop.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected CameraWorker Worker(IFrameSourceFactory factory, CameraOptions? camera = null, bool giveUp = false) =>
        new(camera ?? Live, factory, Pool, Sink, Time, Log, status => _statuses.Writer.TryWrite(status), giveUp);

    /// <summary>Cancels the worker, which is no failure.</summary>
    private protected async Task StopAsync(Task run)
    {
        _ = Conditions();
        await Stop.CancelAsync();
        await run.InTimeAsync();
        Assert.DoesNotContain(CameraCondition.Failed, Conditions());
    }

    /// <summary>The conditions told since the last look.</summary>
    private protected List<CameraCondition> Conditions()
    {
        var all = new List<CameraCondition>();
        while (_statuses.Reader.TryRead(out var status))
            all.Add(status.Condition);
        return all;
    }

    /// <summary>Waits for the next status of a condition.</summary>
    private protected async Task<CameraStatus> UntilAsync(CameraCondition condition)
    {
        while (true)
        {
            var status = await _statuses.Reader.ReadAsync(Test).InTimeAsync();
            if (status.Condition == condition)
                return status;
        }
    }
}
