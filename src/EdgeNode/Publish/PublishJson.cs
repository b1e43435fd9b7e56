using System.Text.Json.Serialization;

namespace FaceLandmark.Publish;

/// <summary>
/// How the messages of this folder become JSON; <see cref="LandmarksMessage"/>, sent for every frame, is written by hand. They are only
/// written: descriptions of every property, which converters need as well, would cost the start of the node a tenth of its time.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization
)]
[JsonSerializable(typeof(CameraStateMessage))]
[JsonSerializable(typeof(CompareMessage))]
[JsonSerializable(typeof(InfoMessage))]
[JsonSerializable(typeof(LogMessage))]
[JsonSerializable(typeof(StatsMessage))]
internal sealed partial class PublishJson : JsonSerializerContext;
