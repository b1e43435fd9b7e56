using FaceLandmark.ModelCards;

namespace FaceLandmark.Inference;

/// <summary>What made a result.</summary>
/// <param name="Name">The engine: "onnx", "tvm", "drpai", "remote".</param>
/// <param name="Runtime">Its runtime and version, for people.</param>
/// <param name="Device">What it computes on.</param>
/// <param name="Model">What it computes.</param>
internal sealed record EngineInfo(string Name, string Runtime, DeviceInfo Device, ModelCard Model);
