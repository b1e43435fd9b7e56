using FaceLandmark.Mqtt;

namespace FaceLandmark.Publish;

/// <summary>
/// Home Assistant's MQTT discovery: one retained device message with the cameras' presence, count, state and picture, available while
/// <c>status</c> is <c>online</c>; sent again when Home Assistant starts.
/// </summary>
internal static class HomeAssistant
{
    /// <summary>
    /// Puts the device message into the link's state, as the options say; a node that publishes no pictures has no camera there.
    /// </summary>
    public static void Announce(MqttLink link, MqttTopics topics, HomeAssistantOptions options, bool hasPictures = true)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(topics);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Discovery == HomeAssistantDiscovery.Off)
            return;
        var topic = $"{options.Prefix}/device/{HomeAssistantDevice.Identifier(topics)}/config";
        byte[] payload = options.Discovery == HomeAssistantDiscovery.Remove ? [] : HomeAssistantDevice.Of(topics, hasPictures).ToBytes();
        link.SetState(topic, payload);
        link.Subscribe(
            $"{options.Prefix}/status",
            message =>
            {
                if (message.Payload.Span.SequenceEqual("online"u8))
                    link.SetState(topic, payload);
            }
        );
    }
}
