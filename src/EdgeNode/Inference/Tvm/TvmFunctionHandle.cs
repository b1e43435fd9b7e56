using System.Runtime.InteropServices;

namespace FaceLandmark.Inference.Tvm;

/// <summary>A function of a module of TVM.</summary>
internal sealed class TvmFunctionHandle : SafeHandle
{
    private readonly TvmRuntime _runtime;

    public TvmFunctionHandle(TvmRuntime runtime, nint function)
        : base(0, ownsHandle: true)
    {
        _runtime = runtime;
        SetHandle(function);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => _runtime.FreeFunction(handle) == 0;
}
