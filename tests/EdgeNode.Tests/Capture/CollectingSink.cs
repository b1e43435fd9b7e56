using System.Threading.Channels;
using FaceLandmark.Capture;

namespace FaceLandmark.Tests.Capture;

/// <summary>Notes what it is offered and gives the frame back.</summary>
internal sealed class CollectingSink : IFrameSink
{
    private readonly Channel<long> _came = Channel.CreateUnbounded<long>();

    public List<(long Sequence, bool IsLive)> Seen { get; } = [];

    public List<DateTimeOffset> CapturedAt { get; } = [];

    public List<long> Timestamps { get; } = [];

    public Exception? Throws { get; set; }

    public void Offer(Frame frame, bool isLive, CancellationToken cancellationToken)
    {
        using (frame)
        {
            Seen.Add((frame.Sequence, isLive));
            CapturedAt.Add(frame.CapturedAt);
            Timestamps.Add(frame.Timestamp);
            _came.Writer.TryWrite(frame.Sequence);
        }

        if (Throws is not null)
            throw Throws;
    }

    /// <summary>Waits for a frame of this number.</summary>
    public async Task UntilAsync(long sequence)
    {
        while (await _came.Reader.ReadAsync(TestContext.Current.CancellationToken).InTimeAsync() != sequence)
            ;
    }
}
