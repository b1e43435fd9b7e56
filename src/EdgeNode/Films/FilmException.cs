using FaceLandmark.Platform;

namespace FaceLandmark.Films;

/// <summary>What is made of a film cannot be written. The message says what, where and what to do.</summary>
internal sealed class FilmException(string message, Exception? inner = null) : ExplainedException(message, inner);
