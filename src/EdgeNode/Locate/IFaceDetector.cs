using FaceLandmark.Capture;

namespace FaceLandmark.Locate;

/// <summary>Finds faces in a whole frame, without memory of earlier ones. Thread-safe.</summary>
internal interface IFaceDetector : IDisposable
{
    /// <summary>The faces of a frame, best score first, overlapping ones merged, at least <see cref="LocateOptions.MinScore"/>.</summary>
    IReadOnlyList<Detection> Detect(Frame frame);
}
