namespace FaceLandmark.Inference.Remote;

/// <summary>In which form a face goes to an inference server.</summary>
internal enum RemoteEncoding
{
    /// <summary>The network's input, FP32 1 x 3 x S x S: any server with the model's ONNX file.</summary>
    Fp32,

    /// <summary>The same in FP16: any server with a model of FP16.</summary>
    Fp16,

    /// <summary>Its pixels, UINT8 1 x S x S x 3, RGB; the server pre-processes.</summary>
    Raw8,

    /// <summary>Its pixels as a JPEG, BYTES [1]; the server pre-processes.</summary>
    Jpeg,
}
