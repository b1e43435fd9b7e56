namespace FaceLandmark.Models.Import;

/// <summary>The numbers of a PyTorch storage.</summary>
internal enum TorchType
{
    Float32,
    Float16,
    BFloat16,
    Float64,
    Int64,
    Int32,
    Int16,
    Int8,
    UInt8,
    Bool,
}
