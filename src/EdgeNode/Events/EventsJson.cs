using System.Text.Json.Serialization;
using FaceLandmark.Mqtt;

namespace FaceLandmark.Events;

/// <summary>How the messages of this folder become JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(MomentConverter)]
)]
[JsonSerializable(typeof(EventMessage))]
[JsonSerializable(typeof(SummaryMessage))]
internal sealed partial class EventsJson : JsonSerializerContext;
