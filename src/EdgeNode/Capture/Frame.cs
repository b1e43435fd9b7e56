using System.Runtime.InteropServices;

namespace FaceLandmark.Capture;

/// <summary>
/// One picture in pooled, unmanaged memory (64-byte aligned, rows without padding). It has one owner, or several that only read after
/// <see cref="Share"/>; each calls <see cref="Dispose"/> once, and the last one's gives the memory back to its <see cref="FramePool"/>.
/// </summary>
internal sealed unsafe class Frame : IDisposable
{
    private readonly FramePool _pool;
    private readonly byte* _data;
    private int _owners;

    internal Frame(FramePool pool, int width, int height, PixelLayout layout)
    {
        _pool = pool;
        Width = width;
        Height = height;
        Layout = layout;
        Stride = width * BytesPerPixel(layout);
        _data = (byte*)NativeMemory.AlignedAlloc((nuint)(Stride * height), 64);
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>How the bytes are laid out.</summary>
    public PixelLayout Layout { get; }

    /// <summary>Bytes a row.</summary>
    public int Stride { get; }

    /// <summary>Number of the frame within its camera's session: 1, 2, 3, ... in the order of capture.</summary>
    public long Sequence { get; set; }

    /// <summary>When the frame was captured, by the wall clock (UTC).</summary>
    public DateTimeOffset CapturedAt { get; set; }

    /// <summary>
    /// When the frame was captured, by <see cref="TimeProvider.GetTimestamp"/>; where a film's own times count, its place in the film in
    /// the same units.
    /// </summary>
    public long Timestamp { get; set; }

    /// <summary>Where in its film the frame stands, as the film's own time stamps say; null where the source tells none.</summary>
    public TimeSpan? FilmTime { get; set; }

    /// <summary>How long ago the source captured it when it gave it; zero where the source cannot tell.</summary>
    public TimeSpan Age { get; set; }

    /// <summary>Frames that the driver lost between the frame before and this one.</summary>
    public int LostBefore { get; set; }

    /// <summary>Frames that came damaged between the frame before and this one, and were thrown away.</summary>
    public int DamagedBefore { get; set; }

    /// <summary>True for a picture of its own (an image of a folder), false for one of a moving sequence.</summary>
    public bool IsStill { get; set; }

    /// <summary>True for the first frame after a cut of a film: what it shows has nothing to do with the frame before.</summary>
    public bool BeginsShot { get; set; }

    /// <summary>The file the picture came from, or null.</summary>
    public string? File { get; set; }

    /// <summary>Address of the first byte, valid while the frame is owned.</summary>
    public nint Address => (nint)_data;

    /// <summary>All bytes, row after row.</summary>
    public Span<byte> Data => new(_data, Stride * Height);

    /// <summary>Bytes a pixel of a layout: 2 or 3.</summary>
    public static int BytesPerPixel(PixelLayout layout) => layout == PixelLayout.Yuy2 ? 2 : 3;

    /// <summary>Adds an owner. Called by an owner; from now on nobody writes.</summary>
    public void Share() => Interlocked.Increment(ref _owners);

    /// <summary>An owner lets go; with the last one the memory goes back to the pool.</summary>
    /// <exception cref="InvalidOperationException">All owners had let go before: a bug.</exception>
    public void Dispose()
    {
        var left = Interlocked.Decrement(ref _owners);
        if (left < 0)
            throw new InvalidOperationException("A frame was given back twice.");
        if (left == 0)
            _pool.Return(this);
    }

    internal void MarkRented() => _owners = 1;

    internal void Free() => NativeMemory.AlignedFree(_data);
}
