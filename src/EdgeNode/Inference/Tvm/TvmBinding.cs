using System.Runtime.InteropServices;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Inference.Tvm;

/// <summary>A face tensor's memory described for TVM. Lives as long as the tensor.</summary>
internal sealed unsafe class TvmBinding : IDisposable
{
    private const int Tensors = 3;
    private const int MostDimensions = 4;
    private readonly TvmTensor* _tensors = (TvmTensor*)NativeMemory.AllocZeroed(Tensors, (nuint)sizeof(TvmTensor));
    private readonly long* _shapes = (long*)NativeMemory.AllocZeroed(Tensors * MostDimensions, sizeof(long));

    public TvmBinding(TvmGraph graph, FaceTensor tensor)
    {
        Describe(0, tensor.InputAddress, [1, 3, graph.Size, graph.Size]);
        Describe(1, tensor.OutputAddress, graph.PointsShape);
        if (graph.PresenceShape is { } presence)
            Describe(2, tensor.OutputAddress + (2 * graph.Landmarks * sizeof(float)), presence);
    }

    public nint Input => (nint)_tensors;

    public nint Points => (nint)(_tensors + 1);

    public nint Presence => (nint)(_tensors + 2);

    public void Dispose()
    {
        NativeMemory.Free(_tensors);
        NativeMemory.Free(_shapes);
    }

    private void Describe(int index, nint data, long[] shape)
    {
        var at = _shapes + (index * MostDimensions);
        shape.CopyTo(new Span<long>(at, MostDimensions));
        _tensors[index] = TvmTensor.Floats(data, (nint)at, shape.Length);
    }
}
