using FaceLandmark.Inference;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Tests.Dispatch;

/// <summary>An engine that can be killed and brought back to life.</summary>
internal sealed class MortalEngine(ILandmarkEngine engine) : ILandmarkEngine
{
    public volatile bool IsDead;

    public EngineInfo Info => engine.Info;

    public void Run(FaceTensor tensor)
    {
        if (IsDead)
            throw new EngineException("the accelerator was killed");
        engine.Run(tensor);
    }

    public void Dispose() => engine.Dispose();
}
