using FaceLandmark.Platform;

namespace FaceLandmark.Web;

/// <summary>The HTTP endpoint cannot listen. The message is a sentence for people: what, where, what to do.</summary>
internal sealed class EndpointException(string message, Exception inner) : ExplainedException(message, inner);
