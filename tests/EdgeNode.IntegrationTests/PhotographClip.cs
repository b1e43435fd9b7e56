using OpenCvSharp;
using Range = System.Range;

namespace FaceLandmark.Tests;

/// <summary>
/// A film of a photograph with faces: a camera whose frames wait until they are taken, so that none is dropped however slow the machine is.
/// </summary>
internal static class PhotographClip
{
    /// <summary>Writes 640x480 Motion JPEG at 30 frames a second.</summary>
    /// <param name="path">The file.</param>
    /// <param name="frames">How many frames.</param>
    /// <param name="black">Those that are black, counted from 0.</param>
    public static void Write(string path, int frames, Range black = default)
    {
        using var photo = Cv2.ImRead(Path.Combine(AppContext.BaseDirectory, "assets", "demo", "sample1.jpg"));
        using var frame = photo.Resize(new Size(640, 480));
        using var writer = new VideoWriter(path, FourCC.MJPG, 30, frame.Size());
        using var nothing = new Mat(frame.Size(), frame.Type(), Scalar.All(0));
        var (from, length) = black.GetOffsetAndLength(frames);
        for (var i = 0; i < frames; i++)
            writer.Write(i >= from && i < from + length ? nothing : frame);
    }
}
