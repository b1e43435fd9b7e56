namespace FaceLandmark.Models.Import;

/// <summary>A run of numbers in the archive.</summary>
/// <param name="Key">Its entry.</param>
/// <param name="Type">Its numbers.</param>
/// <param name="Count">How many.</param>
internal sealed record TorchStorage(string Key, TorchType Type, long Count)
{
    public long Bytes => Count * SizeOf(Type);

    public static int SizeOf(TorchType type) =>
        type switch
        {
            TorchType.Complex128 => 16,
            TorchType.Float64 or TorchType.Int64 or TorchType.UInt64 or TorchType.Complex64 => 8,
            TorchType.Float32 or TorchType.Int32 or TorchType.UInt32 => 4,
            TorchType.Float16 or TorchType.BFloat16 or TorchType.Int16 or TorchType.UInt16 => 2,
            _ => 1,
        };
}
