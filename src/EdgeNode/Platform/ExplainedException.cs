namespace FaceLandmark.Platform;

/// <summary>
/// A fault that people can mend: the message is a sentence for them (what, where, what to do). It is shown as it is, without a stack trace;
/// every other exception is a bug.
/// </summary>
internal abstract class ExplainedException(string message, Exception? inner = null) : Exception(message, inner);
