using FaceLandmark.Platform;

namespace FaceLandmark.ModelCards;

/// <summary>
/// A model cannot be found, its card cannot be read, or it does not pass its self-test. The message is a sentence for people.
/// </summary>
internal sealed class ModelException(string message, Exception? inner = null) : ExplainedException(message, inner);
