using System.Runtime.CompilerServices;
using FaceLandmark.Platform;

namespace FaceLandmark.Inference.Onnx;

/// <summary>
/// Keeps ONNX Runtime from reporting to its maker: since 1.29 its Linux builds send facts of machine, models and inferences over HTTPS
/// unless a variable of the environment says otherwise before their first call.
/// </summary>
internal static class OnnxTelemetry
{
    [ModuleInitializer]
    internal static void TurnOff() => NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1", overwrite: true);
}
