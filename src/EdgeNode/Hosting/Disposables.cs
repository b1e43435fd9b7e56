namespace FaceLandmark.Hosting;

/// <summary>Parts, one a camera, that are disposed together.</summary>
public sealed class Disposables<T>(IEnumerable<T> parts) : IDisposable
    where T : IDisposable
{
    private readonly List<T> _parts = [.. parts];

    /// <summary>The part of a camera.</summary>
    public T this[int index] => _parts[index];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in _parts)
            part.Dispose();
    }
}
