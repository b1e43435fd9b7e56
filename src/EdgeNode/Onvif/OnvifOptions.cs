namespace FaceLandmark.Onvif;

/// <summary>The section <c>Onvif</c>: metadata as ONVIF devices publish it over MQTT.</summary>
internal sealed record OnvifOptions
{
    /// <summary>Whether it is published.</summary>
    public bool Enabled { get; init; }

    /// <summary>
    /// ONVIF's TopicPrefix, which must be the only one of its kind at the broker; no <c>+ #</c>, no control characters. Empty: the topic
    /// below which all topics of the node are.
    /// </summary>
    public string TopicPrefix { get; init; } = "";
}
