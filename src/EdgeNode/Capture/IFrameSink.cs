namespace FaceLandmark.Capture;

/// <summary>Where a camera's frames go: the gate of the pipeline.</summary>
internal interface IFrameSink
{
    /// <summary>
    /// Takes a frame over. A live frame never waits: when the pipeline is busy it replaces the one that waits, which is dropped and
    /// counted. A frame of a file waits (the calling thread blocks) until there is room.
    /// </summary>
    /// <param name="frame">The frame, owned by the sink from now on, also when this throws.</param>
    /// <param name="isLive">Whether the newest wins.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The wait ended; the frame was given back.</exception>
    void Offer(Frame frame, bool isLive, CancellationToken cancellationToken);
}
