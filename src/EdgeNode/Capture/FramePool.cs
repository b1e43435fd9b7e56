namespace FaceLandmark.Capture;

/// <summary>
/// Frames for one camera. The pool grows to as many frames as are ever under way at once, which the flow limiter
/// bounds, and reuses them; a change of size or layout lets the old ones go. Thread-safe.
/// </summary>
internal sealed class FramePool : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Stack<Frame> _free = new();
    private int _outstanding;
    private bool _disposed;

    /// <summary>Frames that are rented now; zero after a clean drain.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>A frame of this size and layout with undefined content; the caller owns it.</summary>
    public Frame Rent(int width, int height, PixelLayout layout)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _outstanding++;
            while (_free.TryPop(out var frame))
            {
                if (frame.Width == width && frame.Height == height && frame.Layout == layout)
                    return Reset(frame);
                frame.Free();
            }
        }

        return Reset(new Frame(this, width, height, layout));
    }

    /// <summary>Frees what is not rented; frames given back later are freed at once.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            while (_free.TryPop(out var frame))
                frame.Free();
        }
    }

    internal void Return(Frame frame)
    {
        lock (_lock)
        {
            _outstanding--;
            if (_disposed)
                frame.Free();
            else
                _free.Push(frame);
        }
    }

    private static Frame Reset(Frame frame)
    {
        frame.Sequence = 0;
        (frame.Age, frame.LostBefore, frame.DamagedBefore) = (TimeSpan.Zero, 0, 0);
        frame.FilmTime = null;
        frame.IsStill = false;
        frame.BeginsShot = false;
        frame.File = null;
        frame.MarkRented();
        return frame;
    }
}
