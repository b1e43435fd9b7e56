using System.Threading.Channels;
using FaceLandmark.Capture;

namespace FaceLandmark.Tests.Capture;

/// <summary>A factory whose n-th opening does what the n-th step of its script says; after the last step it repeats it.</summary>
internal sealed class ScriptedFactory(params Func<IFrameSource>[] openings) : IFrameSourceFactory
{
    private readonly Channel<int> _opened = Channel.CreateUnbounded<int>();
    private int _count;

    /// <summary>One item an opening, its number.</summary>
    public ChannelReader<int> Openings => _opened.Reader;

    public int Count => Volatile.Read(ref _count);

    public IFrameSource Open(CameraOptions camera)
    {
        var number = Interlocked.Increment(ref _count);
        _opened.Writer.TryWrite(number);
        return openings[Math.Min(number, openings.Length) - 1]();
    }
}
