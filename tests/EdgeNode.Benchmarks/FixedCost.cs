using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Inference;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Benchmarks;

/// <summary>A network that takes the same time for every face, and no computing: what is left is the cost of the way to it.</summary>
/// <param name="card">The model that it stands for.</param>
/// <param name="cost">The time; may be zero.</param>
internal sealed class FixedCost(ModelCard card, TimeSpan cost) : ILandmarkEngine, IPreprocessor
{
    public EngineInfo Info { get; } = new("onnx", "fixed cost", new DeviceInfo("none", false), card);

    public void Run(FaceTensor tensor)
    {
        if (cost > TimeSpan.Zero)
            Thread.Sleep(cost);
        tensor.Output.Fill(0.5f);
    }

    public void Prepare(Frame frame, Region region, FaceTensor tensor) => tensor.Input.Clear();

    public void Dispose() { }
}
