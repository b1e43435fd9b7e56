using System.Runtime.InteropServices;

namespace FaceLandmark.Inference.Tvm;

/// <summary>A module of TVM: a loaded <c>deploy.so</c> or a graph executor.</summary>
internal sealed class TvmModuleHandle : SafeHandle
{
    private readonly TvmRuntime _runtime;

    public TvmModuleHandle(TvmRuntime runtime, nint module)
        : base(0, ownsHandle: true)
    {
        _runtime = runtime;
        SetHandle(module);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => _runtime.FreeModule(handle) == 0;
}
