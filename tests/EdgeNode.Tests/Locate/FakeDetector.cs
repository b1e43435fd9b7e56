using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Locate;

namespace FaceLandmark.Tests.Locate;

/// <summary>A detector that sees what a script says of each frame.</summary>
internal sealed class FakeDetector(Func<long, IEnumerable<Box>> script) : IFaceDetector
{
    public int Runs { get; private set; }

    public IReadOnlyList<Detection> Detect(Frame frame)
    {
        Runs++;
        return [.. script(frame.Sequence).Select((box, index) => new Detection(box, 0.9f - (0.01f * index)))];
    }

    public void Dispose() { }
}
