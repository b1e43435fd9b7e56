using FaceLandmark.Platform;

namespace FaceLandmark.Recordings;

/// <summary>A recording cannot be made or played back. The message says what, where and what to do.</summary>
internal sealed class RecordingException(string message, Exception? inner = null) : ExplainedException(message, inner);
