using FaceLandmark.Platform;

namespace FaceLandmark.Models.Evaluation;

/// <summary>A list of annotated pictures, or a picture on it, cannot be used. The message is a sentence for people.</summary>
internal sealed class ListException(string message, Exception? inner = null) : ExplainedException(message, inner);
