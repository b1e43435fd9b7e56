using OpenCvSharp;

namespace FaceLandmark.Capture;

/// <summary>An OpenCV capture whose frames go, by way of one reused picture, into pooled frames. Owns the capture.</summary>
internal sealed class VideoReader : IDisposable
{
    private readonly VideoCapture _capture;
    private readonly Mat _picture = new();
    private bool _hasFirst;

    private VideoReader(VideoCapture capture) => _capture = capture;

    /// <summary>Width of the first frame, pixels.</summary>
    public int Width => _picture.Cols;

    /// <summary>Height of the first frame, pixels.</summary>
    public int Height => _picture.Rows;

    /// <summary>Frames a second as the file or stream states them; 0 where it states none or nonsense.</summary>
    public double Fps => _capture.Get(VideoCaptureProperties.Fps) is > 0 and <= 1000 and var fps ? fps : 0;

    /// <summary>Takes a capture over and reads its first frame; null, with the capture disposed, when there is none.</summary>
    public static VideoReader? TryStart(VideoCapture capture)
    {
        var reader = new VideoReader(capture);
        reader._hasFirst = capture.IsOpened() && reader.Decode();
        if (reader._hasFirst)
            return reader;
        reader.Dispose();
        return null;
    }

    /// <summary>The next frame, owned by the caller, or null when no more come.</summary>
    public Frame? Read(FramePool pool, PixelLayout layout)
    {
        if (!_hasFirst && !Decode())
            return null;
        _hasFirst = false;
        return MatToFrame.Copy(_picture, pool, layout);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _capture.Dispose();
        _picture.Dispose();
    }

    private bool Decode() => _capture.Read(_picture) && !_picture.Empty();
}
