using System.Runtime.InteropServices;

namespace FaceLandmark.Capture.V4l2;

/// <summary>A buffer of a driver, mapped into this process.</summary>
internal sealed unsafe class V4l2Mapping : SafeHandle
{
    private const nint Failed = -1;

    private readonly int _length;

    private V4l2Mapping(nint address, int length)
        : base(Failed, ownsHandle: true)
    {
        SetHandle(address);
        _length = length;
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == Failed;

    /// <summary>The bytes, valid until it is disposed.</summary>
    public ReadOnlySpan<byte> Bytes => new((void*)handle, _length);

    /// <summary>
    /// Maps a buffer; <see cref="IsInvalid"/> when the driver refuses, and <see cref="Marshal.GetLastPInvokeError"/> tells why.
    /// </summary>
    public static V4l2Mapping Of(V4l2Handle device, uint offset, int length) =>
        new(LibC.Map(0, (nuint)length, LibC.ProtectionReadWrite, LibC.MapShared, device, (nint)offset), length);

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibC.Unmap(handle, (nuint)_length) == 0;
}
