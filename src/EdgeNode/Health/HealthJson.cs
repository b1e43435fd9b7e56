using System.Text.Json.Serialization;

namespace FaceLandmark.Health;

/// <summary>How <see cref="HealthReport"/> becomes JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
