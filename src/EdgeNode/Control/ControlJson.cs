using System.Text.Json.Serialization;

namespace FaceLandmark.Control;

/// <summary>How answers to commands become JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ResponseMessage))]
[JsonSerializable(typeof(CameraCommand.CameraAnswer))]
[JsonSerializable(typeof(ModeCommand.ModeAnswer))]
[JsonSerializable(typeof(ModelCommand.ModelAnswer))]
[JsonSerializable(typeof(PreviewCommand.PreviewAnswer))]
[JsonSerializable(typeof(SnapshotCommand.SnapshotAnswer))]
internal sealed partial class ControlJson : JsonSerializerContext;
