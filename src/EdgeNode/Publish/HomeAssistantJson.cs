using System.Text.Json.Serialization;

namespace FaceLandmark.Publish;

/// <summary>How <see cref="HomeAssistantDevice"/> becomes JSON, in the spelling of Home Assistant.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(HomeAssistantDevice))]
internal sealed partial class HomeAssistantJson : JsonSerializerContext;
