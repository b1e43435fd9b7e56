using FaceLandmark.Platform;

namespace FaceLandmark.Control;

/// <summary>A command cannot be obeyed. The message is a sentence for its sender.</summary>
internal sealed class CommandException(string message) : ExplainedException(message);
