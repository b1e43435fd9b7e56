namespace FaceLandmark.Pipeline;

/// <summary>Step 8: a frame's result becomes messages. Called by one thread at a time; never waits for the broker.</summary>
internal interface IResultPublisher
{
    /// <summary>
    /// Formats and hands over; the work stays the caller's. With <see cref="DispatchMode.Compare"/> the other engine's result for the same
    /// frame is its <see cref="FrameWork.Twin"/>.
    /// </summary>
    void Publish(FrameWork work);
}
