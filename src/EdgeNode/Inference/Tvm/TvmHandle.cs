using System.Runtime.InteropServices;

namespace FaceLandmark.Inference.Tvm;

/// <summary>Something that TVM gave and frees again.</summary>
internal abstract class TvmHandle : SafeHandle
{
    private readonly Func<nint, int> _free;

    /// <summary>Takes it over.</summary>
    /// <param name="value">What TVM gave; 0: nothing.</param>
    /// <param name="free">Frees it; returns 0 on success.</param>
    protected TvmHandle(nint value, Func<nint, int> free)
        : base(0, ownsHandle: true)
    {
        _free = free;
        SetHandle(value);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => _free(handle) == 0;
}
