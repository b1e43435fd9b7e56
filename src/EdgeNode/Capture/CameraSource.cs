using OpenCvSharp;

namespace FaceLandmark.Capture;

/// <summary>A V4L2 camera; live. Raw YUY2 is taken as it comes; OpenCV converts every other format to BGR.</summary>
internal sealed class CameraSource : IFrameSource
{
    private readonly string _path;
    private readonly VideoReader _reader;

    /// <summary>Opens the device, negotiates and waits for the first frame.</summary>
    /// <param name="camera">Which device, and what it is asked for.</param>
    /// <exception cref="SourceException">It is not there (<see cref="CameraCondition.Unplugged"/>), may not be opened, is busy, or is no
    /// camera.</exception>
    public CameraSource(CameraOptions camera)
    {
        ArgumentNullException.ThrowIfNull(camera);
        _path = CameraDevice.PathOf(camera.Source);
        if (
            CameraDevice.Problem(_path, path => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)) is
            { } problem
        )
            throw problem;

        var capture = new VideoCapture(_path, VideoCaptureAPIs.V4L2);
        if (!capture.IsOpened())
        {
            capture.Dispose();
            throw new SourceException(
                $"'{_path}' can't be opened as a camera: it is none, or another program uses it (fuser -v {_path} shows which)."
            );
        }

        var granted = CameraDevice.Negotiate(camera, capture.Get, capture.Set);
        _reader =
            VideoReader.TryStart(capture)
            ?? throw new SourceException(
                $"Camera '{_path}' opens but sends no picture; unplug it and plug it in again, or ask it for another Format or size."
            );
        Info = new SourceInfo
        {
            Description = _path,
            Width = _reader.Width,
            Height = _reader.Height,
            Fps = granted.Fps,
            Layout = granted.Layout,
            IsLive = true,
            Format = granted.Format,
            DeviceSerial = CameraDevice.SerialOf(_path),
        };
    }

    /// <inheritdoc/>
    public SourceInfo Info { get; }

    /// <inheritdoc/>
    public Frame? Read(FramePool pool, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _reader.Read(pool, Info.Layout)
            ?? throw (
                File.Exists(_path)
                    ? new SourceException($"Camera '{_path}' stopped sending pictures; it is opened again.")
                    : new SourceException($"Camera '{_path}' was unplugged; plug it in again.", CameraCondition.Unplugged)
            );
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}
