using System.Security.Cryptography;
using System.Text;
using FaceLandmark.Mqtt;

namespace FaceLandmark.Publish;

/// <summary>
/// A node as a device of Home Assistant's MQTT discovery, with four components for each camera: presence, number of faces, state, preview.
/// </summary>
internal sealed record HomeAssistantDevice(
    HomeAssistantDevice.Description Device,
    HomeAssistantDevice.Maker Origin,
    string AvailabilityTopic,
    string AvailabilityTemplate,
    IReadOnlyDictionary<string, HomeAssistantDevice.Component> Components
)
{
    /// <summary>The device of a node, with the cameras' pictures or without.</summary>
    public static HomeAssistantDevice Of(MqttTopics topics, bool hasPictures = true)
    {
        var id = Identifier(topics);
        return new HomeAssistantDevice(
            new Description(id, topics.Node, "FaceLandmark", "EdgeNode"),
            new Maker("FaceLandmark"),
            topics.Status,
            "{{ 'online' if value == 'online' else 'offline' }}",
            topics
                .Cameras.Order(StringComparer.Ordinal)
                .SelectMany(camera => ComponentsOf(topics, id, camera))
                .Where(component => hasPictures || component.Platform != "camera")
                .ToDictionary(component => component.UniqueId[(id.Length + 1)..])
        );
    }

    /// <summary>As JSON.</summary>
    public byte[] ToBytes() => MessageJson.ToBytes(this, HomeAssistantJson.Default.HomeAssistantDevice);

    // The slash between base topic and node is a part of every name, and so loses nothing.
    internal static string Identifier(MqttTopics topics) => $"{Clean(topics.Base[..^(topics.Node.Length + 1)])}_{Clean(topics.Node)}";

    /// <summary>
    /// A name as an identifier: Home Assistant allows letters, digits, _ and - in it. Plain names stay as they are; any other gets a hash
    /// of itself, so that <c>front door</c> and <c>front_door</c>, or two names in kanji, stay two.
    /// </summary>
    internal static string Clean(string name)
    {
        var plain = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '_'));
        return plain == name ? plain : $"{plain}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 4))}";
    }

    private static Component[] ComponentsOf(MqttTopics topics, string id, string camera)
    {
        var own = topics.Camera(camera);
        return
        [
            Named("presence", "binary_sensor", "Face present") with
            {
                StateTopic = own.Summary,
                ValueTemplate = "{{ 'ON' if value_json.present else 'OFF' }}",
                DeviceClass = "occupancy",
            },
            Named("faces", "sensor", "Faces") with
            {
                StateTopic = own.Summary,
                ValueTemplate = "{{ value_json.count }}",
                StateClass = "measurement",
            },
            Named("state", "sensor", "State") with
            {
                StateTopic = own.State,
                ValueTemplate = "{{ value_json.state }}",
                EntityCategory = "diagnostic",
            },
            Named("preview", "camera", "Preview") with
            {
                Topic = own.Preview,
            },
        ];

        Component Named(string what, string platform, string name) => new(platform, $"{camera} {name}", $"{id}_{Clean(camera)}_{what}");
    }

    /// <summary>The device itself.</summary>
    public sealed record Description(string Identifiers, string Name, string Manufacturer, string Model);

    /// <summary>The program that announces it.</summary>
    public sealed record Maker(string Name);

    /// <summary>One entity; what does not apply to its platform is null and left out.</summary>
    public sealed record Component(string Platform, string Name, string UniqueId)
    {
        /// <summary>Where its value is published.</summary>
        public string? StateTopic { get; init; }

        /// <summary>How its value is found in the message.</summary>
        public string? ValueTemplate { get; init; }

        /// <summary>What it measures.</summary>
        public string? DeviceClass { get; init; }

        /// <summary>How its values are kept.</summary>
        public string? StateClass { get; init; }

        /// <summary>Where it is shown.</summary>
        public string? EntityCategory { get; init; }

        /// <summary>Where its pictures are published.</summary>
        public string? Topic { get; init; }
    }
}
