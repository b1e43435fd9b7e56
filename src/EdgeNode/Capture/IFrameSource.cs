namespace FaceLandmark.Capture;

/// <summary>
/// An open source of frames. Used by one thread at a time, which blocks in <see cref="Read"/>; <see cref="IDisposable.Dispose"/>
/// is called by the same thread after its last read.
/// </summary>
internal interface IFrameSource : IDisposable
{
    /// <summary>What it really delivers.</summary>
    SourceInfo Info { get; }

    /// <summary>Waits for the next frame.</summary>
    /// <param name="pool">Where the frame's memory is rented.</param>
    /// <param name="cancellationToken">Ends a wait for pacing; a wait inside a driver ends by the driver's own time-out.</param>
    /// <returns>A frame with <see cref="Frame.IsStill"/> and <see cref="Frame.File"/> set, owned by the caller, or null at the end of the
    /// source.</returns>
    /// <exception cref="SourceException">The source failed; the message says what, where and what to do.</exception>
    Frame? Read(FramePool pool, CancellationToken cancellationToken);
}
