using MQTTnet;

namespace FaceLandmark.Mqtt;

/// <summary>What became of a message that was sent.</summary>
/// <param name="Fate">Its fate.</param>
/// <param name="Reason">Why it was refused, as the broker says; empty otherwise.</param>
internal readonly record struct SendOutcome(SendFate Fate, string Reason = "")
{
    /// <summary>What an answer of the broker means.</summary>
    public static SendOutcome Of(MqttClientPublishResult answer)
    {
        if (answer.IsSuccess)
            return new SendOutcome(SendFate.Taken);
        var reason = answer.ReasonString is { Length: > 0 } text ? text : answer.ReasonCode.ToString();
        return answer.ReasonCode is MqttClientPublishReasonCode.TopicNameInvalid or MqttClientPublishReasonCode.PayloadFormatInvalid
            ? new SendOutcome(SendFate.RefusedForever, reason)
            : new SendOutcome(SendFate.Refused, reason);
    }
}
