namespace FaceLandmark.Publish;

/// <summary>The section <c>Privacy</c>: what no command over MQTT can change.</summary>
internal sealed record PrivacyOptions
{
    /// <summary>
    /// What of the cameras' pictures may leave the node. <see cref="PicturePrivacy.Blur"/> hides the faces that the locator follows: one
    /// that has just come into the picture is seen until the detector looks again (<c>Locate:DetectEvery</c>).
    /// </summary>
    public PicturePrivacy Preview { get; init; } = PicturePrivacy.On;
}
