using FaceLandmark.Inference;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Tests.Dispatch;

/// <summary>An engine that takes its time for every face.</summary>
internal sealed class SlowEngine(ILandmarkEngine engine, TimeSpan more) : ILandmarkEngine
{
    public EngineInfo Info => engine.Info;

    public void Run(FaceTensor tensor)
    {
        Thread.Sleep(more); // this is the latency that the test is about
        engine.Run(tensor);
    }

    public void Dispose() => engine.Dispose();
}
