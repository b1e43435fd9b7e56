using FaceLandmark.OpenInference;
using Google.Protobuf;
using Input = FaceLandmark.OpenInference.ModelInferRequest.Types.InferInputTensor;

namespace FaceLandmark.Tests.Serving;

/// <summary>Requests for the stub.</summary>
internal static class Requests
{
    public const int Bytes = 3 * 32 * 32 * sizeof(float);

    /// <summary>What the stub takes; the test may spoil it.</summary>
    public static ModelInferRequest Good(Action<ModelInferRequest>? spoil = null)
    {
        var request = new ModelInferRequest
        {
            ModelName = "stub",
            Id = "7",
            Inputs =
            {
                new Input
                {
                    Name = "input0",
                    Datatype = "FP32",
                    Shape = { 1, 3, 32, 32 },
                },
            },
            RawInputContents = { ByteString.CopyFrom(new byte[Bytes]) },
        };
        spoil?.Invoke(request);
        return request;
    }
}
