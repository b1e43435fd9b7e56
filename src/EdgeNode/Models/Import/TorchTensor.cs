namespace FaceLandmark.Models.Import;

/// <summary>A view of a storage; it lies inside it, and has no more elements than it.</summary>
internal sealed class TorchTensor
{
    public const int MostDimensions = 8;

    /// <exception cref="PickleException">Shape or strides reach beyond the storage.</exception>
    public TorchTensor(TorchStorage storage, long offset, IReadOnlyList<long> shape, IReadOnlyList<long> strides)
    {
        (Storage, Offset, Shape, Strides) = (storage, offset, shape, strides);
        if (shape.Count > MostDimensions || strides.Count != shape.Count)
            throw new PickleException(
                $"a tensor has {shape.Count} dimensions and {strides.Count} strides; up to {MostDimensions} of both are allowed"
            );
        Int128 count = 1,
            last = offset;
        for (var i = 0; i < shape.Count; i++)
        {
            if (shape[i] < 0 || strides[i] < 0 || offset < 0)
                throw new PickleException("a tensor has a negative shape, stride or offset");
            count *= Math.Min(shape[i], long.MaxValue >> 1);
            last += (Int128)Math.Max(shape[i] - 1, 0) * strides[i];
            if (count > storage.Count || last >= storage.Count)
                throw new PickleException(
                    $"a tensor of the shape {string.Join('x', shape)} reaches beyond its storage of {storage.Count} numbers"
                );
        }

        if (offset < 0 || last >= storage.Count && count > 0)
            throw new PickleException($"a tensor at {offset} lies outside its storage of {storage.Count} numbers");
        Count = (int)count;
        Extent = count > 0 ? (offset, (long)last - offset + 1) : (0, 0);
    }

    public TorchStorage Storage { get; }

    public long Offset { get; }

    public IReadOnlyList<long> Shape { get; }

    public IReadOnlyList<long> Strides { get; }

    /// <summary>The part of the storage that it lies in: its first number, and how many up to its last one.</summary>
    public (long First, long Count) Extent { get; }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    public override string ToString() => Shape.Count == 0 ? "a number" : string.Join('x', Shape);
}
