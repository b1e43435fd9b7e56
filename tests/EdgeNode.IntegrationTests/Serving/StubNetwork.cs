using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Inference;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Tests.Serving;

/// <summary>A network whose inference is what a test says; 32 pixels, 98 points.</summary>
internal sealed class StubNetwork(string name, Action<FaceTensor> run) : ILandmarkEngine, IPreprocessor
{
    public EngineInfo Info { get; } = new("onnx", "test", new DeviceInfo("CPU", false), Card(name));

    public static ModelCard Card(string name) =>
        new()
        {
            Name = name,
            File = "none",
            InputSize = 32,
        };

    public static LandmarkNetwork Open(string name, Action<FaceTensor> run)
    {
        var network = new StubNetwork(name, run);
        return new LandmarkNetwork(network, network);
    }

    public void Run(FaceTensor tensor) => run(tensor);

    public void Prepare(Frame frame, Region region, FaceTensor tensor) => tensor.Input.Fill(frame.Data[0] / 255f);

    public void Dispose() { }
}
