namespace FaceLandmark.Pixels;

/// <summary>One row of a picture as three rows of bytes, with room behind each that vectors may read and write.</summary>
internal sealed unsafe class PlaneRow
{
    /// <summary>Bytes behind a row's pixels.</summary>
    public const int Slack = 64;

    private readonly PinnedBuffer<byte> _bytes = new();
    private int _stride;

    /// <summary>Red.</summary>
    public byte* Red => _bytes.Start;

    /// <summary>Green.</summary>
    public byte* Green => _bytes.Start + _stride;

    /// <summary>Blue.</summary>
    public byte* Blue => _bytes.Start + (2 * _stride);

    /// <summary>The colour of a number: 0 red, 1 green, 2 blue.</summary>
    public byte* this[int channel] => _bytes.Start + (channel * _stride);

    /// <summary>Makes room; the content is lost.</summary>
    public void Ensure(int pixels)
    {
        _stride = (pixels + (2 * Slack) - 1) & -Slack;
        _bytes.Ensure(3 * _stride);
    }

    /// <summary>Makes pixels black.</summary>
    public void Clear(int from, int to)
    {
        for (var channel = 0; channel < 3; channel++)
            new Span<byte>(this[channel] + from, to - from).Clear();
    }
}
