namespace FaceLandmark.Publish;

/// <summary>The section <c>HomeAssistant</c>.</summary>
internal sealed record HomeAssistantOptions
{
    /// <summary>Whether the node announces itself to Home Assistant.</summary>
    public HomeAssistantDiscovery Discovery { get; init; } = HomeAssistantDiscovery.Off;

    /// <summary>First level of its topics; no <c>+ #</c>, no control characters.</summary>
    public string Prefix { get; init; } = "homeassistant";
}
