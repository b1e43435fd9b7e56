namespace FaceLandmark.Capture;

/// <summary>Opens the source that a camera's options name.</summary>
internal interface IFrameSourceFactory
{
    /// <summary>Opens it; blocks until it delivers or fails.</summary>
    /// <exception cref="SourceException">It cannot be opened; the message says what, where and what to do.</exception>
    IFrameSource Open(CameraOptions camera);
}
