namespace FaceLandmark.Platform;

/// <summary>A file of lines cannot be written; it ends with the last whole one. The message says what, where and what to do.</summary>
internal sealed class LineFileException(string message, Exception? inner = null) : ExplainedException(message, inner);
