namespace FaceLandmark.Models.Import;

/// <summary>A file of PyTorch: an object, and the storages that its tensors point to.</summary>
internal interface ITorchArchive : IDisposable
{
    /// <summary>The object.</summary>
    object? Root { get; }

    /// <summary>The little-endian numbers of a storage.</summary>
    /// <exception cref="ModelException">The storage is missing or has another size.</exception>
    byte[] Read(TorchStorage storage);
}
