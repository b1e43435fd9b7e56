using FaceLandmark.ModelCards;

namespace FaceLandmark.Models.Import;

/// <summary>A file with tensors: an object, and the storages that its tensors point to.</summary>
internal interface ITorchArchive : IDisposable
{
    /// <summary>The object.</summary>
    object? Root { get; }

    /// <summary>Whether an object is a module of TorchScript: its attributes belong to the network.</summary>
    bool IsModule(PickleObject made);

    /// <summary>The little-endian bytes of <paramref name="count"/> numbers of a storage, from <paramref name="first"/> on.</summary>
    /// <exception cref="ModelException">The storage is missing or has another size.</exception>
    byte[] Read(TorchStorage storage, long first, long count);
}
