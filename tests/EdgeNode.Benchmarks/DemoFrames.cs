using FaceLandmark.Capture;

namespace FaceLandmark.Benchmarks;

/// <summary>Frames of the demo, read as fast as they are wanted.</summary>
internal static class DemoFrames
{
    /// <summary>A YUY2 frame of 640x480 with faces in it.</summary>
    public static Frame First(FramePool pool)
    {
        using var source = new DemoSource(
            Path.Combine(AppContext.BaseDirectory, "assets", "demo"),
            new CameraOptions(),
            TimeProvider.System
        );
        return source.Read(pool, CancellationToken.None) ?? throw new InvalidOperationException("The demo has no frame.");
    }
}
