using FaceLandmark.Platform;

namespace FaceLandmark.Inference;

/// <summary>A model cannot be loaded or run. The message is a sentence for people: what, where, what to do.</summary>
internal sealed class EngineException(string message, Exception? inner = null) : ExplainedException(message, inner);
