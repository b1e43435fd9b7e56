using FaceLandmark.Platform;

namespace FaceLandmark.Locate;

/// <summary>The face detector cannot be loaded or run.</summary>
internal sealed class DetectorException(string message, Exception? inner = null) : ExplainedException(message, inner);
