using System.Text.Json.Serialization;

namespace FaceLandmark.Inference.Onnx;

/// <summary>How the file of <see cref="ThreadStore"/> is read and written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(List<ThreadStore.StoredChoice>))]
internal sealed partial class ThreadStoreJson : JsonSerializerContext;
