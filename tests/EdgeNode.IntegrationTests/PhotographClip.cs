using OpenCvSharp;

namespace FaceLandmark.Tests;

/// <summary>
/// A film of a photograph with faces: a camera whose frames wait until they are taken, so that none is dropped however slow the machine is.
/// </summary>
internal static class PhotographClip
{
    /// <summary>Writes 640x480 Motion JPEG at 30 frames a second.</summary>
    public static void Write(string path, int frames)
    {
        using var photo = Cv2.ImRead(Path.Combine(AppContext.BaseDirectory, "assets", "demo", "sample1.jpg"));
        using var frame = photo.Resize(new Size(640, 480));
        using var writer = new VideoWriter(path, FourCC.MJPG, 30, frame.Size());
        for (var i = 0; i < frames; i++)
            writer.Write(frame);
    }
}
