using System.Runtime.InteropServices;

namespace FaceLandmark.Preprocess;

/// <summary>
/// Input and output of a landmark network for one face, in unmanaged memory that engines bind once and
/// reuse. Owned by one step at a time; pooled by the lane of its engine.
/// </summary>
internal sealed unsafe class FaceTensor : IDisposable
{
    // TVM up to 0.9 takes no input in place that is aligned by less; later versions and ONNX Runtime are content with 64.
    private const int Alignment = 128;

    private readonly float* _input;
    private readonly float* _output;

    /// <summary>Memory for a network with these shapes.</summary>
    /// <param name="size">Side of the square input, pixels.</param>
    /// <param name="landmarks">Number of landmarks.</param>
    public FaceTensor(int size, int landmarks)
    {
        Size = size;
        Landmarks = landmarks;
        _input = (float*)NativeMemory.AlignedAlloc((nuint)(3 * size * size * sizeof(float)), Alignment);
        _output = (float*)NativeMemory.AlignedAlloc((nuint)(((2 * landmarks) + 1) * sizeof(float)), Alignment);
        Input.Clear();
        Output.Clear();
        Presence = float.NaN;
    }

    /// <summary>Side of the input, pixels.</summary>
    public int Size { get; }

    /// <summary>Number of landmarks.</summary>
    public int Landmarks { get; }

    /// <summary>1 x 3 x Size x Size, planar RGB, standardised.</summary>
    public Span<float> Input => new(_input, 3 * Size * Size);

    /// <summary>1 x Landmarks x 2: x and y as fractions of the region; filled by the engine.</summary>
    public Span<float> Output => new(_output, 2 * Landmarks);

    /// <summary>The network's own opinion that there is a face, as a logit; NaN when it has none.</summary>
    public ref float Presence => ref _output[2 * Landmarks];

    /// <summary>Address of <see cref="Input"/>.</summary>
    public nint InputAddress => (nint)_input;

    /// <summary>Address of <see cref="Output"/>; <see cref="Presence"/> follows it.</summary>
    public nint OutputAddress => (nint)_output;

    /// <summary>What an engine keeps with the tensor (its binding); disposed with it.</summary>
    public IDisposable? Binding { get; set; }

    /// <summary>Frees binding and memory.</summary>
    public void Dispose()
    {
        Binding?.Dispose();
        Binding = null;
        NativeMemory.AlignedFree(_input);
        NativeMemory.AlignedFree(_output);
    }
}
