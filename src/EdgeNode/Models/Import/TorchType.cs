namespace FaceLandmark.Models.Import;

/// <summary>The numbers of a storage, in the file formats of PyTorch and of safetensors.</summary>
internal enum TorchType
{
    Float32,
    Float16,
    BFloat16,
    Float64,
    Float8,
    Int64,
    Int32,
    Int16,
    Int8,
    UInt64,
    UInt32,
    UInt16,
    UInt8,
    Bool,
    Complex64,
    Complex128,
}
