namespace FaceLandmark.Pipeline;

/// <summary>Step 8 with dispatch mode <c>compare</c>: how far the engines' landmarks are apart.</summary>
public interface IComparePublisher
{
    /// <summary>Formats and hands over; the work, whose <see cref="FrameWork.Twin"/> is there, stays the caller's. Called by one thread at a time.</summary>
    void Publish(FrameWork work);
}
