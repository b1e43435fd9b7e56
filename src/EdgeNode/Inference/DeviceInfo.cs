namespace FaceLandmark.Inference;

/// <summary>What an engine computes on.</summary>
/// <param name="Name">For people: "CPU", "DRP-AI".</param>
/// <param name="Emulated">True where the real device is only imitated.</param>
internal sealed record DeviceInfo(string Name, bool Emulated);
