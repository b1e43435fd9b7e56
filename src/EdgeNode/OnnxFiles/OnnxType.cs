namespace FaceLandmark.OnnxFiles;

/// <summary>TensorProto.DataType: the numbers of a tensor.</summary>
internal enum OnnxType
{
    None = 0,
    Float32 = 1,
    UInt8 = 2,
    Int8 = 3,
    Int32 = 6,
    Int64 = 7,
    Float16 = 10,
}
