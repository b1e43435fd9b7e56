using System.Text.Json.Serialization;
using FaceLandmark.Mqtt;

namespace FaceLandmark.Publish;

/// <summary>
/// How the messages of this folder become JSON; <see cref="LandmarksMessage"/>, sent for every frame, is written by hand.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(MomentConverter)]
)]
[JsonSerializable(typeof(CameraStateMessage))]
[JsonSerializable(typeof(CompareMessage))]
[JsonSerializable(typeof(InfoMessage))]
[JsonSerializable(typeof(LogMessage))]
[JsonSerializable(typeof(StatsMessage))]
internal sealed partial class PublishJson : JsonSerializerContext;
