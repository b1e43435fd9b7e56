namespace FaceLandmark.Models.Import;

/// <summary>A run of numbers in the archive.</summary>
/// <param name="Key">Its entry.</param>
/// <param name="Type">Its numbers.</param>
/// <param name="Count">How many.</param>
internal sealed record TorchStorage(string Key, TorchType Type, long Count)
{
    public long Bytes => Count * SizeOf(Type);

    private static int SizeOf(TorchType type) => type switch
    {
        TorchType.Float64 or TorchType.Int64 => 8,
        TorchType.Float32 or TorchType.Int32 => 4,
        TorchType.Float16 or TorchType.BFloat16 or TorchType.Int16 => 2,
        _ => 1,
    };
}
