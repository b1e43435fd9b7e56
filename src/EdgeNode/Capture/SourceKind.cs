namespace FaceLandmark.Capture;

/// <summary>What <see cref="CameraOptions.Source"/> means; told by <see cref="FrameSourceFactory.KindOf"/>.</summary>
internal enum SourceKind
{
    /// <summary>None of the others: a wrong name, or a file that does not exist.</summary>
    Unknown,

    /// <summary>The moving photographs that come with the node.</summary>
    Demo,

    /// <summary>An existing folder, taken as pictures.</summary>
    Folder,

    /// <summary>An existing picture file.</summary>
    Picture,

    /// <summary>Any other existing file, taken as a video.</summary>
    Video,

    /// <summary>An RTSP or HTTP address.</summary>
    Stream,

    /// <summary>A V4L2 device, there or not.</summary>
    Camera,
}
