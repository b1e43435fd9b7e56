using FaceLandmark.Platform;

namespace FaceLandmark.Mqtt;

/// <summary>The embedded broker cannot start. The message is a sentence for people: what, where, what to do.</summary>
internal sealed class EmbeddedBrokerException(string message, Exception? inner = null) : ExplainedException(message, inner);
