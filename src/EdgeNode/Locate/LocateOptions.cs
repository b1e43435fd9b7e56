namespace FaceLandmark.Locate;

/// <summary>The section <c>Locate</c>: where the faces are.</summary>
internal sealed record LocateOptions
{
    /// <summary>How faces are found. The command line also takes <c>full-frame</c>.</summary>
    public LocateMode Mode { get; init; } = LocateMode.Track;

    /// <summary>The detector's ONNX file; relative paths are looked for beside the program. BlazeFace, 128 or 256 pixels.</summary>
    public string Detector { get; init; } = "assets/blazeface/face_detection_back_256x256_barracuda.onnx";

    /// <summary>The least detector score of a new face; 0 to 1.</summary>
    public float MinScore { get; init; } = 0.6f;

    /// <summary>Two detections overlapping more than this (intersection over union) are one face; 0 to 1.</summary>
    public float MaxOverlap { get; init; } = 0.3f;

    /// <summary>The most faces followed at once in one camera; 1 to 64.</summary>
    public int MaxFaces { get; init; } = 8;

    /// <summary>
    /// In <see cref="LocateMode.Track"/> the detector looks for new faces every so many frames; 1 to 10000. It runs at once when a face is
    /// lost.
    /// </summary>
    public int DetectEvery { get; init; } = 15;
}
