using System.Text.Json.Serialization;

namespace FaceLandmark.Events;

/// <summary>How the messages of this folder become JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization
)]
[JsonSerializable(typeof(EventMessage))]
[JsonSerializable(typeof(SummaryMessage))]
internal sealed partial class EventsJson : JsonSerializerContext;
