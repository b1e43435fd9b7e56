namespace FaceLandmark.Events;

/// <summary>Something happened to a face.</summary>
/// <param name="Kind"><c>appeared</c>, <c>left</c>, <c>blink</c>, <c>eyesClosed</c>, <c>yawn</c> or <c>lookingAway</c>.</param>
/// <param name="At">When it began to be true (UTC); of <c>left</c> and <c>blink</c>, when it was over.</param>
/// <param name="Face">Number of the face.</param>
/// <param name="Frame">The frame that showed it.</param>
/// <param name="Seconds">How long it lasted, or lasts so far; null where that means nothing.</param>
/// <param name="Began">Of <c>left</c>, when the face had appeared (UTC).</param>
internal readonly record struct FaceEvent(
    string Kind,
    DateTimeOffset At,
    int Face,
    long Frame,
    double? Seconds = null,
    DateTimeOffset? Began = null
)
{
    /// <summary>A face is there.</summary>
    public const string Appeared = "appeared";

    /// <summary>A face is gone.</summary>
    public const string Left = "left";
}
