namespace FaceLandmark.Capture;

/// <summary>Where a camera stands; published in lower case as <c>state</c>.</summary>
internal enum CameraCondition
{
    /// <summary>Being opened for the first time; when it is opened again, what went wrong stays the state until frames come.</summary>
    Opening,

    /// <summary>Frames arrive.</summary>
    Streaming,

    /// <summary>Open, but no frame came for longer than <see cref="CameraOptions.StallAfter"/>.</summary>
    Stalled,

    /// <summary>The device does not exist.</summary>
    Unplugged,

    /// <summary>The source came to its end.</summary>
    Ended,

    /// <summary>It cannot be opened or read; the cause says why.</summary>
    Failed,

    /// <summary>Stopped by a command; another one starts it.</summary>
    Stopped,
}
