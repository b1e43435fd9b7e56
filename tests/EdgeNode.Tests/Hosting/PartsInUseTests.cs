using FaceLandmark.Hosting;

namespace FaceLandmark.Tests.Hosting;

public sealed class PartsInUseTests
{
    private readonly List<string> _disposed = [];

    [Fact]
    public void Parts_are_disposed_the_last_first()
    {
        using (var parts = new PartsInUse())
        {
            parts.Add(new Part("network", _disposed));
            Assert.Null(parts.Add((Part?)null));
            parts.Add(new Part("frames", _disposed));
        }

        Assert.Equal(["frames", "network"], _disposed);
    }

    [Fact]
    public async Task A_part_in_which_a_frame_still_runs_outlives_the_node_until_that_ends()
    {
        var frame = new TaskCompletionSource();
        var parts = new PartsInUse { Idle = frame.Task };
        var network = parts.Add(new Part("network", _disposed));
        parts.Dispose();
        Assert.Empty(_disposed);

        frame.SetResult();
        await network.Disposed.Task.InTimeAsync();
        Assert.Equal(["network"], _disposed);
    }

    private sealed class Part(string name, List<string> disposed) : IDisposable
    {
        public TaskCompletionSource Disposed { get; } = new();

        public void Dispose()
        {
            disposed.Add(name);
            Disposed.SetResult();
        }
    }
}
