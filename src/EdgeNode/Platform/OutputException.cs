namespace FaceLandmark.Platform;

/// <summary>Standard output does not take what the program prints.</summary>
/// <param name="reason">Why, as the system says it.</param>
/// <param name="isReaderGone">Whether the program at the other end of a pipe has had enough (<c>| head</c>), which is no fault.</param>
internal sealed class OutputException(string reason, bool isReaderGone)
    : ExplainedException($"Standard output cannot be written: {reason}.")
{
    /// <summary>Whether the program at the other end of a pipe has ended, which is no fault.</summary>
    public bool IsReaderGone { get; } = isReaderGone;
}
