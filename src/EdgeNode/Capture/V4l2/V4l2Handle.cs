using Microsoft.Win32.SafeHandles;

namespace FaceLandmark.Capture.V4l2;

/// <summary>An open device file.</summary>
internal sealed class V4l2Handle : SafeHandleMinusOneIsInvalid
{
    /// <param name="file">What <c>open</c> gave, -1 included.</param>
    public V4l2Handle(int file)
        : base(ownsHandle: true) => SetHandle(file);

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibC.Close((int)handle) == 0;
}
