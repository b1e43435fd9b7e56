namespace FaceLandmark.Inference.Tvm;

/// <summary>What a <see cref="TvmValue"/> is.</summary>
internal enum TvmTypeCode
{
    Integer = 0,
    Null = 4,
    Tensor = 7,
    Module = 9,
    Text = 11,
    Bytes = 12,
}
