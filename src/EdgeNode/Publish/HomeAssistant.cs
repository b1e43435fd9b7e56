using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FaceLandmark.Mqtt;

namespace FaceLandmark.Publish;

/// <summary>
/// Home Assistant's MQTT discovery: one retained device message with the cameras' presence, count, state and picture, available while
/// <c>status</c>
/// is <c>online</c>; sent again when Home Assistant starts.
/// </summary>
internal static class HomeAssistant
{
    /// <summary>Puts the device message into the link's state, as asked for.</summary>
    public static void Announce(MqttLink link, MqttTopics topics, HomeAssistantOptions options)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(topics);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Discovery == HomeAssistantDiscovery.Off)
            return;
        var id = Identifier(topics);
        var topic = $"{options.Prefix}/device/{id}/config";
        byte[] payload = options.Discovery == HomeAssistantDiscovery.Remove ? [] : MessageJson.ToBytes(writer => Write(writer, topics, id));
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

    /// <summary>Writes the device message.</summary>
    public static void Write(Utf8JsonWriter writer, MqttTopics topics, string id)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(topics);
        writer.WriteStartObject();
        writer.WriteStartObject("device");
        writer.WriteString("identifiers", id);
        writer.WriteString("name", topics.Node);
        writer.WriteString("manufacturer", "FaceLandmark");
        writer.WriteString("model", "EdgeNode");
        writer.WriteEndObject();
        writer.WriteStartObject("origin");
        writer.WriteString("name", "FaceLandmark");
        writer.WriteEndObject();
        writer.WriteString("availability_topic", topics.Status);
        writer.WriteString("availability_template", "{{ 'online' if value == 'online' else 'offline' }}");
        writer.WriteStartObject("components");
        foreach (var camera in topics.Cameras.Order(StringComparer.Ordinal))
        {
            var own = topics.Camera(camera);
            Component(
                writer,
                id,
                camera,
                "presence",
                "binary_sensor",
                "Face present",
                ("state_topic", own.Summary),
                ("value_template", "{{ 'ON' if value_json.present else 'OFF' }}"),
                ("device_class", "occupancy")
            );
            Component(
                writer,
                id,
                camera,
                "faces",
                "sensor",
                "Faces",
                ("state_topic", own.Summary),
                ("value_template", "{{ value_json.count }}"),
                ("state_class", "measurement")
            );
            Component(
                writer,
                id,
                camera,
                "state",
                "sensor",
                "State",
                ("state_topic", own.State),
                ("value_template", "{{ value_json.state }}"),
                ("entity_category", "diagnostic")
            );
            Component(writer, id, camera, "preview", "camera", "Preview", ("topic", own.Preview));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // The slash between base topic and node is a part of every name, and so loses nothing.
    internal static string Identifier(MqttTopics topics) => $"{Clean(topics.Base[..^(topics.Node.Length + 1)])}_{Clean(topics.Node)}";

    /// <summary>
    /// A name as an identifier: Home Assistant allows letters, digits, _ and - in it. Plain names stay as they are; any other gets a hash
    /// of itself, so
    /// that <c>front door</c> and <c>front_door</c>, or two names in kanji, stay two.
    /// </summary>
    internal static string Clean(string name)
    {
        var plain = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '_'));
        return plain == name ? plain : $"{plain}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 4))}";
    }

    private static void Component(
        Utf8JsonWriter writer,
        string id,
        string camera,
        string what,
        string platform,
        string name,
        params (string Key, string Value)[] settings
    )
    {
        writer.WriteStartObject($"{Clean(camera)}_{what}");
        writer.WriteString("platform", platform);
        writer.WriteString("name", $"{camera} {name}");
        writer.WriteString("unique_id", $"{id}_{Clean(camera)}_{what}");
        foreach (var (key, value) in settings)
            writer.WriteString(key, value);
        writer.WriteEndObject();
    }
}
