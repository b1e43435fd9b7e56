namespace FaceLandmark.Inference.Tvm;

/// <summary>A module of TVM: a loaded <c>deploy.so</c> or a graph executor.</summary>
internal sealed class TvmModuleHandle(TvmRuntime runtime, nint module) : TvmHandle(module, runtime.FreeModule);
