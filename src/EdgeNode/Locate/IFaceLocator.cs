using FaceLandmark.Capture;
using FaceLandmark.Faces;

namespace FaceLandmark.Locate;

/// <summary>
/// Says in which regions of a camera's next frame faces are expected. One instance a camera. <see cref="Locate"/> and
/// <see cref="Report"/> are called from different threads.
/// </summary>
internal interface IFaceLocator : IDisposable
{
    /// <summary>Fills <paramref name="candidates"/> and says how many there are.</summary>
    /// <param name="frame">The frame; read only, owned by the caller.</param>
    /// <param name="candidates">At least <see cref="LocateOptions.MaxFaces"/> long.</param>
    int Locate(Frame frame, Span<FaceCandidate> candidates);

    /// <summary>Tells where the landmarks of a located frame were found, also for a frame without faces and for one that failed.</summary>
    /// <param name="sequence">The frame's number.</param>
    /// <param name="faces">One entry for each candidate of that frame, in the order given out; a face with <see cref="Face.IsPresent"/>
    /// false is lost.</param>
    void Report(long sequence, ReadOnlySpan<Face> faces);
}
