using System.Text.Json.Serialization;

namespace FaceLandmark.Hosting;

/// <summary>How <see cref="RunRecord"/> becomes JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RunRecord))]
internal sealed partial class RunRecordJson : JsonSerializerContext;
