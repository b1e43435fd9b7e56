using System.Text.Json.Serialization;

namespace FaceLandmark.Configuration;

/// <summary>How <see cref="EdgeNodeOptions"/> become JSON, for <see cref="PublicConfiguration"/>.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(EdgeNodeOptions))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;
