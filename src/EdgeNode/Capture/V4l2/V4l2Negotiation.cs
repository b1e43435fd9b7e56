using System.Globalization;

namespace FaceLandmark.Capture.V4l2;

/// <summary>Finds out what a camera offers, asks for the best of it, and reads back what is granted.</summary>
internal static class V4l2Negotiation
{
    // A driver that never says "no more" would be asked for ever.
    private const uint MostEntries = 256;

    /// <summary>All formats with their sizes and highest rates.</summary>
    /// <param name="device">The camera.</param>
    /// <param name="asked">Of a range of sizes the nearest to these is taken.</param>
    public static IReadOnlyList<V4l2Offer> Offers(V4l2Device device, CameraOptions asked)
    {
        var offers = new List<V4l2Offer>();
        for (uint index = 0; index < MostEntries; index++)
        {
            var format = new Videodev2.FormatDescription { Index = index, Type = device.BufferType };
            if (device.Call(Videodev2.EnumFormat, ref format) != 0)
                break;
            offers.Add(Sizes(device, format.PixelFormat, asked));
        }

        return offers;
    }

    /// <summary>Sets format, size and rate, and tells what the camera makes of it.</summary>
    /// <exception cref="SourceException">It offers nothing that is understood, or refuses.</exception>
    public static V4l2Format Settle(V4l2Device device, IReadOnlyList<V4l2Offer> offers, CameraOptions asked)
    {
        var choice = V4l2Choice.Of(offers, asked);
        // A driver that lists nothing may still have what is asked for.
        if (choice is null && offers.Count > 0)
            throw CameraTrouble.NoCommonFormat(
                device.Path,
                string.Join(", ", offers.Select(offer => CameraDevice.FourCcToText(offer.Format)))
            );
        var (pixelFormat, width, height) = choice ?? (CameraDevice.TextToFourCc(asked.Format), asked.Width, asked.Height);
        var format = new Videodev2.Format
        {
            Type = device.BufferType,
            Width = (uint)width,
            Height = (uint)height,
            PixelFormat = pixelFormat,
            Field = Videodev2.FieldNone,
        };
        var error = device.Call(Videodev2.SetFormat, ref format);
        if (error != 0)
            throw CameraTrouble.Format(device.Path, CameraDevice.FourCcToText(pixelFormat), width, height, error);
        if (!V4l2Choice.IsUnderstood(format.PixelFormat) || format.Width is 0 or > 65_535 || format.Height is 0 or > 65_535)
            throw CameraTrouble.NoCommonFormat(
                device.Path,
                $"{CameraDevice.FourCcToText(format.PixelFormat)} {format.Width}x{format.Height} only"
            );
        if (device.BufferType == Videodev2.BufferTypeVideoCaptureMplane)
        {
            if (format.Planes != 1)
                throw CameraTrouble.NoCommonFormat(
                    device.Path,
                    $"{CameraDevice.FourCcToText(format.PixelFormat)} in {format.Planes} pieces of memory only"
                );
            format.BytesPerLine = format.PlaneBytesPerLine;
        }

        return Granted(format, Rate(device, asked.Fps));
    }

    private static V4l2Format Granted(in Videodev2.Format format, double fps)
    {
        var hasTwoBytes = format.PixelFormat is Videodev2.FormatYuyv or Videodev2.FormatUyvy;
        var isRaw = format.PixelFormat is not Videodev2.FormatMjpg and not Videodev2.FormatJpeg;
        // Pixels share their colour in pairs, in the camera's format or in the one that its pictures are made.
        var width = (int)format.Width & (isRaw ? ~1 : ~0);
        // Old drivers leave the stride at 0 where rows have no padding.
        var stride = isRaw ? Math.Max((int)format.BytesPerLine, (hasTwoBytes ? 2 : 1) * (int)format.Width) : 0;
        return new V4l2Format(format.PixelFormat, width, (int)format.Height, stride, fps);
    }

    /// <summary>Asks for a rate; 0 where the camera tells none.</summary>
    private static double Rate(V4l2Device device, double fps)
    {
        var parameters = new Videodev2.StreamParameters { Type = device.BufferType };
        if (device.Call(Videodev2.GetParameters, ref parameters) != 0)
            return 0;
        if ((parameters.Capability & Videodev2.CapTimePerFrame) != 0)
        {
            var asked = parameters;
            (asked.Numerator, asked.Denominator) = fps == Math.Floor(fps) ? (1u, (uint)fps) : (1000u, (uint)Math.Round(1000 * fps));
            if (device.Call(Videodev2.SetParameters, ref asked) == 0)
                parameters = asked;
        }

        return Rate(parameters.Numerator, parameters.Denominator);
    }

    private static double Rate(uint numerator, uint denominator) => numerator == 0 ? 0 : (double)denominator / numerator;

    private static V4l2Offer Sizes(V4l2Device device, uint pixelFormat, CameraOptions asked)
    {
        var sizes = new List<V4l2Size>();
        for (uint index = 0; index < MostEntries; index++)
        {
            var size = new Videodev2.FrameSize { Index = index, PixelFormat = pixelFormat };
            if (device.Call(Videodev2.EnumFrameSizes, ref size) != 0)
                break;
            if (size.Type == Videodev2.SizeDiscrete)
            {
                sizes.Add(new V4l2Size((int)size.Width, (int)size.Height, MostFps(device, pixelFormat, size.Width, size.Height)));
                continue;
            }

            var width = Nearest(asked.Width, size.LeastWidth, size.MostWidth, size.StepWidth);
            var height = Nearest(asked.Height, size.LeastHeight, size.MostHeight, size.StepHeight);
            var range = string.Create(
                CultureInfo.InvariantCulture,
                $"{size.LeastWidth}x{size.LeastHeight} to {size.MostWidth}x{size.MostHeight}"
            );
            return new V4l2Offer(pixelFormat, [new V4l2Size((int)width, (int)height, MostFps(device, pixelFormat, width, height))], range);
        }

        return new V4l2Offer(pixelFormat, sizes);
    }

    private static uint Nearest(int asked, uint least, uint most, uint step)
    {
        var within = (uint)Math.Clamp((long)asked, least, Math.Max(least, most));
        return step <= 1 ? within : within - ((within - least) % step);
    }

    private static double MostFps(V4l2Device device, uint pixelFormat, uint width, uint height)
    {
        var most = 0.0;
        for (uint index = 0; index < MostEntries; index++)
        {
            var interval = new Videodev2.FrameInterval
            {
                Index = index,
                PixelFormat = pixelFormat,
                Width = width,
                Height = height,
            };
            if (device.Call(Videodev2.EnumFrameIntervals, ref interval) != 0)
                break;
            most = Math.Max(most, Rate(interval.Numerator, interval.Denominator));
            if (interval.Type != Videodev2.IntervalDiscrete)
                break;
        }

        return most;
    }
}
