using FaceLandmark.Recordings;

namespace FaceLandmark.Plots;

/// <summary>Looks at what a recording holds, one thing after the other.</summary>
internal interface IRecordingViewer
{
    /// <summary>The moment at which a file says that it begins, before all that is in it.</summary>
    void Begin(DateTimeOffset at);

    /// <summary>A frame's result.</summary>
    void See(SeenFrame frame);

    /// <summary>An event of a face.</summary>
    void See(SeenEvent happened);

    /// <summary>A preview of a camera, as a JPEG.</summary>
    void See(string camera, ReadOnlyMemory<byte> picture);

    /// <summary>A place where messages are missing.</summary>
    void See(RecordedGap gap);
}
