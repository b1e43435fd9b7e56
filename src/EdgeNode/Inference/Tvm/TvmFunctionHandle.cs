namespace FaceLandmark.Inference.Tvm;

/// <summary>A function of a module of TVM.</summary>
internal sealed class TvmFunctionHandle(TvmRuntime runtime, nint function) : TvmHandle(function, runtime.FreeFunction);
