using System.Runtime.InteropServices;

namespace FaceLandmark.Inference.DrpAi;

/// <summary>An open DRP-AI of the native library.</summary>
internal sealed class DrpAiHandle : SafeHandle
{
    /// <summary>Made by the marshaller.</summary>
    public DrpAiHandle()
        : base(0, ownsHandle: true) { }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        DrpAiLibrary.Close(handle);
        return true;
    }
}
