namespace FaceLandmark.Capture;

/// <summary>What a source really delivers, after negotiation.</summary>
internal sealed record SourceInfo
{
    /// <summary>What was opened, for people: a device path, a file name, a URL without its password, "demo".</summary>
    public required string Description { get; init; }

    /// <summary>Width in pixels; for a folder, of the first picture.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels; for a folder, of the first picture.</summary>
    public required int Height { get; init; }

    /// <summary>Frames a second as the source states them; 0 where it states none.</summary>
    public required double Fps { get; init; }

    /// <summary>How the bytes of its frames are laid out.</summary>
    public required PixelLayout Layout { get; init; }

    /// <summary>
    /// True for cameras, streams and the demo: frames come in their own time and the newest wins. False for files: every frame counts.
    /// </summary>
    public required bool IsLive { get; init; }

    /// <summary>Pixel format that a camera granted, its four characters; null for other sources.</summary>
    public string? Format { get; init; }

    /// <summary>What else a camera offers, for people; null where it tells nothing, and for other sources.</summary>
    public string? Offers { get; init; }

    /// <summary>Serial number of the device, where it tells one.</summary>
    public string? DeviceSerial { get; init; }
}
