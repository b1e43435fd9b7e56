using FaceLandmark.Platform;

namespace FaceLandmark.Serving;

/// <summary>A request is not answered. The message is a sentence for people: what, where, what to do.</summary>
internal sealed class ServingException(ServingFault fault, string message, Exception? inner = null) : ExplainedException(message, inner)
{
    /// <summary>Why.</summary>
    public ServingFault Fault { get; } = fault;
}
