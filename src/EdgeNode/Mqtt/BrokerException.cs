using FaceLandmark.Platform;

namespace FaceLandmark.Mqtt;

/// <summary>The broker cannot be had; the message says why and what to do.</summary>
internal sealed class BrokerException(string message) : ExplainedException(message);
