namespace FaceLandmark.Pipeline;

/// <summary>Step 9: now and then a frame becomes a JPEG.</summary>
internal interface IPreviewPublisher
{
    /// <summary>
    /// Whether this frame is to be shown: previews are on and the camera's last one is long enough ago. Counts the preview as taken when
    /// true. Cheap.
    /// </summary>
    bool TakeTurn(FrameWork work);

    /// <summary>
    /// Encodes <see cref="FrameWork.Frame"/> and hands it over; the work stays the caller's. Called by one thread at a time.
    /// </summary>
    void Publish(FrameWork work);
}
