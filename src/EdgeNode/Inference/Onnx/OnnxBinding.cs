using FaceLandmark.Preprocess;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceLandmark.Inference.Onnx;

/// <summary>A tensor's memory bound to a session's input and outputs, without copies. Lives as long as the tensor.</summary>
internal sealed class OnnxBinding : IDisposable
{
    private readonly List<OrtValue> _values = [];

    public OnnxBinding(InferenceSession session, OnnxContract contract, FaceTensor tensor)
    {
        Io = session.CreateIoBinding();
        Io.BindInput(contract.Input, Wrap(tensor.InputAddress, [1, 3, contract.Size, contract.Size]));
        Io.BindOutput(contract.Points, Wrap(tensor.OutputAddress, contract.PointsShape));
        if (contract.Presence is not null)
            Io.BindOutput(contract.Presence, Wrap(tensor.OutputAddress + (2 * contract.Landmarks * sizeof(float)), contract.PresenceShape));
    }

    public OrtIoBinding Io { get; }

    public void Dispose()
    {
        Io.Dispose();
        foreach (var value in _values)
            value.Dispose();
    }

    private OrtValue Wrap(nint address, long[] shape)
    {
        var bytes = shape.Aggregate((long)sizeof(float), (product, dimension) => product * dimension);
        var value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape, address, bytes);
        _values.Add(value);
        return value;
    }
}
