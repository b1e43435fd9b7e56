using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Inference;
using FaceLandmark.ModelCards;
using FaceLandmark.Postprocess;

namespace FaceLandmark.Pipeline;

/// <summary>Pre-processing and network, once, on the self-test's picture: what a model must pass before frames go to it.</summary>
internal static class SelfTestRun
{
    /// <summary>Runs it.</summary>
    /// <param name="network">The network.</param>
    /// <returns>What the self-test found.</returns>
    /// <exception cref="EngineException">The model cannot be run.</exception>
    /// <exception cref="ModelException">It gives no numbers, or other points than its card says.</exception>
    public static SelfTestResult Of(LandmarkNetwork network)
    {
        var model = network.Info.Model;
        using var pool = new FramePool();
        using var frame = pool.Rent(model.InputSize, model.InputSize, PixelLayout.Bgr);
        SelfTestPicture.Draw(frame);
        var tensor = network.Rent();
        try
        {
            network.Prepare(frame, new Region(0, 0, frame.Width, frame.Height), tensor);
            network.Run(tensor);
            return new SelfTestResult(SelfTest.Check(model, tensor.Output), ShapePlausibility.Score(tensor.Output));
        }
        finally
        {
            network.Return(tensor);
        }
    }
}
