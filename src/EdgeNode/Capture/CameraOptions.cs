using System.Collections.ObjectModel;

namespace FaceLandmark.Capture;

/// <summary>One entry of <c>Cameras</c>.</summary>
internal sealed record CameraOptions
{
    /// <summary>Name in topics and logs: 1 to 64 characters, none of <c>+ # /</c>, no control characters, unique.</summary>
    public string Name { get; init; } = "cam0";

    /// <summary>
    /// <c>demo</c>, a device (path, by-id path or index), a video file, an <c>rtsp://</c> or <c>http(s)://</c> URL, or a folder of
    /// pictures.
    /// </summary>
    public string Source { get; init; } = "demo";

    /// <summary>Width asked of a camera, in pixels; 16 to 8192.</summary>
    public int Width { get; init; } = 640;

    /// <summary>Height asked of a camera, in pixels; 16 to 8192.</summary>
    public int Height { get; init; } = 480;

    /// <summary>Frames a second asked of a camera or made by the demo; 1 to 1000.</summary>
    public double Fps { get; init; } = 30;

    /// <summary>Raw pixel format asked of a camera first, as its four characters: <c>YUYV</c>, <c>UYVY</c>, <c>NV12</c>, <c>YU12</c>,
    /// <c>MJPG</c> or <c>GREY</c>.</summary>
    public string Format { get; init; } = "YUYV";

    /// <summary>
    /// Settings of a camera's own by their V4L2 names (<c>power_line_frequency</c>), with a number, <c>true</c>, <c>false</c> or the name
    /// of a menu's item (<c>50 Hz</c>). What is not named stays as it is.
    /// </summary>
    public IReadOnlyDictionary<string, string> Controls { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>True: a video file starts again at its end.</summary>
    public bool Loop { get; init; }

    /// <summary>How long a live source may deliver nothing before it counts as stalled and is opened again; 0.5 s to 10 min.</summary>
    public TimeSpan StallAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The first pause before a failed live source is opened again; it doubles up to <see cref="ReopenAfterAtMost"/>; 0.1 s to 10 min.
    /// </summary>
    public TimeSpan ReopenAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause before a failed live source is opened again; not below <see cref="ReopenAfter"/>, at most 1 h.</summary>
    public TimeSpan ReopenAfterAtMost { get; init; } = TimeSpan.FromSeconds(30);
}
