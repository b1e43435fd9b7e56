using System.Text.Json.Serialization;

namespace FaceLandmark.Soak;

/// <summary>How <see cref="SoakReport"/> becomes JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SoakReport))]
internal sealed partial class SoakJson : JsonSerializerContext;
