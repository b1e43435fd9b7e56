using System.Diagnostics;
using FaceLandmark.Capture.V4l2;

namespace FaceLandmark.Capture;

/// <summary>
/// A V4L2 camera; live. Raw pictures are taken as YUYV, or brought into that form, a JPEG is decoded to BGR. Pictures that the driver
/// lost, or that came damaged, are counted in the frame that follows them.
/// </summary>
internal sealed class CameraSource : IFrameSource
{
    // The first picture may take its time: sensors wake up, exposure settles.
    private static readonly TimeSpan s_firstWithin = TimeSpan.FromSeconds(10);

    // A driver whose time stamps are farther back than this counts something else.
    private static readonly TimeSpan s_oldestFrame = TimeSpan.FromSeconds(30);

    private readonly V4l2Device _device;
    private readonly V4l2Stream _stream;
    private readonly V4l2Format _format;
    private readonly TimeSpan _stallAfter;
    private readonly LostFrames _lostFrames = new();
    private readonly JpegDecoder _jpegs = new();
    private Videodev2.Buffer? _first;
    private int _lost;
    private int _damaged;

    /// <summary>Opens the device, negotiates and waits for the first picture.</summary>
    /// <param name="camera">Which device, and what it is asked for.</param>
    /// <exception cref="SourceException">It is not there (<see cref="CameraCondition.Unplugged"/>), may not be opened, is busy, or is no
    /// camera.</exception>
    public CameraSource(CameraOptions camera)
    {
        ArgumentNullException.ThrowIfNull(camera);
        _stallAfter = camera.StallAfter;
        _device = V4l2Device.Open(CameraDevice.PathOf(camera.Source));
        try
        {
            var offers = V4l2Negotiation.Offers(_device, camera);
            _format = V4l2Negotiation.Settle(_device, offers, camera);
            V4l2Controls.Apply(_device, camera.Controls);
            _stream = new V4l2Stream(_device, _format);
            var (width, height) = WaitForFirst();
            Info = new SourceInfo
            {
                Description = _device.Path,
                Width = width,
                Height = height,
                Fps = _format.Fps,
                Layout = _format.IsJpeg ? PixelLayout.Bgr : PixelLayout.Yuy2,
                IsLive = true,
                Format = CameraDevice.FourCcToText(_format.PixelFormat),
                Offers = offers.Count == 0 ? null : string.Join("; ", offers),
                DeviceSerial = CameraDevice.SerialOf(_device.Path),
            };
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public SourceInfo Info { get; }

    /// <inheritdoc/>
    public Frame? Read(FramePool pool, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pool);
        var (begin, damagedBefore) = (Stopwatch.GetTimestamp(), _damaged);
        while (_stallAfter - Stopwatch.GetElapsedTime(begin) is var left && left > TimeSpan.Zero)
        {
            if (TakeFirst() is not { } buffer && !TryTake(left, out buffer, cancellationToken))
                break;
            if (Take(buffer, pool) is not { } frame)
            {
                _damaged++;
                continue;
            }

            frame.Age = Age(buffer);
            (frame.LostBefore, frame.DamagedBefore) = (_lost, _damaged);
            (_lost, _damaged) = (0, 0);
            return frame;
        }

        throw _damaged > damagedBefore
            ? CameraTrouble.NoPicture(_device.Path, _damaged)
            : new SourceException(SourceException.Silence(_device.Path, _stallAfter), CameraCondition.Stalled);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream?.Dispose();
        _device.Dispose();
        _jpegs.Dispose();
    }

    /// <summary>The size that pictures really have. A JPEG may have another than the camera says.</summary>
    private (int Width, int Height) WaitForFirst()
    {
        var patience = _stallAfter > s_firstWithin ? _stallAfter : s_firstWithin;
        for (var begin = Stopwatch.GetTimestamp(); patience - Stopwatch.GetElapsedTime(begin) is var left && left > TimeSpan.Zero;)
        {
            if (!TryTake(left, out var buffer, CancellationToken.None))
                break;
            if (SizeOf(buffer) is { } size)
            {
                _first = buffer;
                return size;
            }

            _damaged++;
            _stream.GiveBack(buffer.Index);
        }

        throw CameraTrouble.NoPicture(_device.Path, _damaged);
    }

    private Videodev2.Buffer? TakeFirst()
    {
        var first = _first;
        _first = null;
        return first;
    }

    private bool TryTake(TimeSpan patience, out Videodev2.Buffer buffer, CancellationToken cancellationToken)
    {
        if (!_stream.TryTake(patience, out buffer, cancellationToken))
            return false;
        _lost += _lostFrames.Before(buffer.Sequence);
        return true;
    }

    /// <summary>Width and height of a picture; null when it is damaged.</summary>
    private (int Width, int Height)? SizeOf(in Videodev2.Buffer buffer)
    {
        var bytes = _stream.Bytes(buffer);
        if ((buffer.Flags & Videodev2.BufferError) != 0 || bytes.Length < _format.LeastBytes)
            return null;
        if (!_format.IsJpeg)
            return (_format.Width, _format.Height);
        return bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF]) && JpegFile.Read(bytes) is { IsComplete: true, Width: > 0, Height: > 0 } jpeg
            ? (jpeg.Width, jpeg.Height)
            : null;
    }

    /// <summary>The picture of a buffer, which goes back to the driver; null when it is damaged.</summary>
    private Frame? Take(in Videodev2.Buffer buffer, FramePool pool)
    {
        var frame = ToFrame(buffer, pool);
        try
        {
            _stream.GiveBack(buffer.Index);
            return frame;
        }
        catch
        {
            frame?.Dispose();
            throw;
        }
    }

    private Frame? ToFrame(in Videodev2.Buffer buffer, FramePool pool)
    {
        if (SizeOf(buffer) is null)
            return null;
        var bytes = _stream.Bytes(buffer);
        return _format.IsJpeg ? _jpegs.Decode(bytes, pool) : RawPicture.Copy(bytes, _format, pool);
    }

    /// <summary>How long ago the driver stamped a picture, by the clock that it says it stamps by.</summary>
    internal static TimeSpan Age(in Videodev2.Buffer buffer)
    {
        if ((buffer.Flags & Videodev2.BufferTimestampMask) != Videodev2.BufferTimestampMonotonic)
            return TimeSpan.Zero;
        // On Linux this is CLOCK_MONOTONIC, the driver's clock.
        var age = Stopwatch.GetElapsedTime(0) - TimeSpan.FromSeconds(buffer.Seconds) - TimeSpan.FromMicroseconds(buffer.Microseconds);
        return age > TimeSpan.Zero && age < s_oldestFrame ? age : TimeSpan.Zero;
    }
}
