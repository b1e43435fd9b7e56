namespace FaceLandmark.Inference.Remote;

/// <summary>A face as it goes to the server; it lives with the face's tensor, and its memory is used again.</summary>
internal sealed class RemotePayload : IDisposable
{
    private byte[] _bytes = [];

    /// <summary>What goes over the wire.</summary>
    public ReadOnlyMemory<byte> Content { get; private set; }

    /// <summary>Room for a content of this length.</summary>
    public Span<byte> Take(int length)
    {
        if (_bytes.Length < length)
            _bytes = new byte[length];
        Content = _bytes.AsMemory(0, length);
        return _bytes.AsSpan(0, length);
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
