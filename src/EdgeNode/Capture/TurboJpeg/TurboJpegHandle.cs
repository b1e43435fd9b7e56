using Microsoft.Win32.SafeHandles;

namespace FaceLandmark.Capture.TurboJpeg;

/// <summary>A decoder or an encoder of TurboJPEG.</summary>
internal sealed class TurboJpegHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>Made by the marshaller.</summary>
    public TurboJpegHandle()
        : base(ownsHandle: true) { }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibTurboJpeg.Close(handle) == 0;
}
