using FaceLandmark.Capture;

namespace FaceLandmark.Tests.Capture;

/// <summary>A source that gives so many frames and then does what it was told: fail, end, or block until it is released.</summary>
internal sealed class ScriptedSource(int frames, Func<CancellationToken, Frame?> then, bool isLive = true) : IFrameSource
{
    private readonly TaskCompletionSource _disposed = new();
    private int _given;

    public SourceInfo Info { get; init; } =
        new()
        {
            Description = "scripted",
            Width = 4,
            Height = 2,
            Fps = 30,
            Layout = PixelLayout.Bgr,
            IsLive = isLive,
        };

    public Task Disposed => _disposed.Task;

    public static Func<CancellationToken, Frame?> End => _ => null;

    /// <summary>Waits as a well-behaved source does.</summary>
    public static Func<CancellationToken, Frame?> Wait =>
        token =>
        {
            token.WaitHandle.WaitOne(Patience.Limit);
            token.ThrowIfCancellationRequested();
            return null;
        };

    public static Func<CancellationToken, Frame?> Fail(string message, CameraCondition condition = CameraCondition.Failed) =>
        _ => throw new SourceException(message, condition);

    public Frame? Read(FramePool pool, CancellationToken cancellationToken) =>
        _given++ < frames ? pool.Rent(4, 2, PixelLayout.Bgr) : then(cancellationToken);

    public void Dispose() => _disposed.SetResult();
}
