using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Tests.Pipeline;

/// <summary>Leaves the picture alone: for engines that do not look at it.</summary>
internal sealed class NoPreprocessor : IPreprocessor
{
    public void Prepare(Frame frame, Region region, FaceTensor tensor) => tensor.Input[0] = 1;

    public void Dispose() { }
}
