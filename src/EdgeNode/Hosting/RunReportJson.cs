using System.Text.Json.Serialization;

namespace FaceLandmark.Hosting;

/// <summary>How <see cref="RunReport"/> becomes JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class RunReportJson : JsonSerializerContext;
