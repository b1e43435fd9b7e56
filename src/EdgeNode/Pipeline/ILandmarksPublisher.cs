namespace FaceLandmark.Pipeline;

/// <summary>Step 8: a frame's result becomes a message. Called by one thread at a time; never waits for the broker.</summary>
public interface ILandmarksPublisher
{
    /// <summary>Formats and hands over; the work stays the caller's.</summary>
    void Publish(FrameWork work);
}
