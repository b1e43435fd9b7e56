namespace FaceLandmark.Pipeline;

/// <summary>Several publishers as one, one after the other.</summary>
public sealed class ResultPublishers(params ILandmarksPublisher[] publishers) : ILandmarksPublisher
{
    /// <inheritdoc/>
    public void Publish(FrameWork work)
    {
        foreach (var publisher in publishers)
            publisher.Publish(work);
    }
}
