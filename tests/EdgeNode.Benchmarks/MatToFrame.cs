using FaceLandmark.Capture;
using OpenCvSharp;

namespace FaceLandmark.Benchmarks;

/// <summary>Copies pictures of OpenCV into pooled frames.</summary>
internal static unsafe class MatToFrame
{
    /// <summary>
    /// A frame with the picture's bytes, owned by the caller. The picture has 8 bits a channel: 2 channels for YUY2, 3 for BGR.
    /// </summary>
    /// <exception cref="SourceException">The picture has another form.</exception>
    public static Frame Copy(Mat picture, FramePool pool, PixelLayout layout)
    {
        var channels = Frame.BytesPerPixel(layout);
        if (picture.Empty() || picture.Depth() != MatType.CV_8U || picture.Channels() != channels)
            throw new SourceException(
                $"A picture arrived as {picture.Cols}x{picture.Rows} {picture.Type()}, "
                    + $"expected was {layout} with 8 bits in {channels} channels; ask the camera for another Format."
            );

        var frame = pool.Rent(picture.Cols, picture.Rows, layout);
        var source = (byte*)picture.Data;
        var target = (byte*)frame.Address;
        var step = picture.Step();
        if (step == frame.Stride)
            Buffer.MemoryCopy(source, target, frame.Data.Length, frame.Data.Length);
        else
            for (var y = 0; y < frame.Height; y++)
                Buffer.MemoryCopy(source + (y * step), target + ((long)y * frame.Stride), frame.Stride, frame.Stride);
        return frame;
    }
}
