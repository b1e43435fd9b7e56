using FaceLandmark.Platform;

namespace FaceLandmark.Mqtt;

/// <summary>The outbox cannot be opened. The message is a sentence for people: what, where, what to do.</summary>
internal sealed class OutboxException(string message, Exception? inner = null) : ExplainedException(message, inner);
