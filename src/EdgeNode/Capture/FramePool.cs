using System.Collections.Concurrent;

namespace FaceLandmark.Capture;

/// <summary>
/// Frames for one camera. The pool grows to as many frames as are ever under way at once, which the flow limiter
/// bounds, and reuses them; a change of size or layout lets the old ones go. Thread-safe.
/// </summary>
internal sealed class FramePool : IDisposable
{
    private readonly ConcurrentStack<Frame> _free = new();
    private int _outstanding;
    private volatile bool _disposed;

    /// <summary>Frames that are rented now; zero after a clean drain.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>A frame of this size and layout with undefined content; the caller owns it.</summary>
    public Frame Rent(int width, int height, PixelLayout layout)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        Interlocked.Increment(ref _outstanding);
        while (_free.TryPop(out var frame))
        {
            if (frame.Width == width && frame.Height == height && frame.Layout == layout)
                return Reset(frame);
            frame.Free();
        }

        return Reset(new Frame(this, width, height, layout));
    }

    /// <summary>Frees what is not rented; frames given back later are freed at once.</summary>
    public void Dispose()
    {
        _disposed = true;
        while (_free.TryPop(out var frame))
            frame.Free();
    }

    internal void Return(Frame frame)
    {
        Interlocked.Decrement(ref _outstanding);
        if (_disposed)
        {
            frame.Free();
            return;
        }

        _free.Push(frame);
        if (_disposed && _free.TryPop(out var late))
            late.Free();
    }

    private static Frame Reset(Frame frame)
    {
        frame.Sequence = 0;
        (frame.Age, frame.LostBefore, frame.DamagedBefore) = (TimeSpan.Zero, 0, 0);
        frame.IsStill = false;
        frame.File = null;
        frame.MarkRented();
        return frame;
    }
}
