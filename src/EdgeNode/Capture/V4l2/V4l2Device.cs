using System.Runtime.InteropServices;
using System.Text;

namespace FaceLandmark.Capture.V4l2;

/// <summary>An open camera: its calls, with what they answer. Used by one thread at a time.</summary>
internal sealed unsafe class V4l2Device : IDisposable
{
    private readonly V4l2Handle _handle;

    private V4l2Device(string path, V4l2Handle handle) => (Path, _handle) = (path, handle);

    /// <summary>Path it was opened by.</summary>
    public string Path { get; }

    /// <summary>What its driver calls it.</summary>
    public string Card { get; private set; } = "";

    /// <summary>The kind of its buffers and formats: single-planar or, where it knows nothing else, multi-planar.</summary>
    public uint BufferType { get; private set; } = Videodev2.BufferTypeVideoCapture;

    /// <summary>The file itself, for mappings.</summary>
    public V4l2Handle Handle => _handle;

    /// <summary>Opens a device and makes sure that it gives pictures.</summary>
    /// <exception cref="SourceException">It does not, may not be opened, is in use, or does not exist.</exception>
    public static V4l2Device Open(string path)
    {
        var file = LibC.Open(path, LibC.OpenReadWrite | LibC.OpenNonBlocking | LibC.OpenCloseOnExec);
        if (file < 0)
            throw CameraTrouble.Opening(path, Marshal.GetLastPInvokeError());
        var device = new V4l2Device(path, new V4l2Handle(file));
        try
        {
            device.RequireCamera();
            return device;
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>One call, repeated where a signal interrupts it.</summary>
    /// <returns>0, or the error's number.</returns>
    public int Call<T>(uint request, ref T argument)
        where T : unmanaged
    {
        fixed (T* place = &argument)
        {
            while (LibC.Control(_handle, request, place) < 0)
            {
                var error = Marshal.GetLastPInvokeError();
                if (error != LibC.Interrupted)
                    return error;
            }
        }

        return 0;
    }

    /// <summary>
    /// A call about a buffer. What a multi-planar camera says of its one plane stands in the buffer afterwards, as of a single-planar one.
    /// </summary>
    /// <param name="request">The call.</param>
    /// <param name="buffer">The buffer: number, and what the call needs besides; type and memory are filled in.</param>
    /// <param name="begin">Bytes before the picture, which <see cref="Videodev2.Buffer.BytesUsed"/> counts, too.</param>
    /// <returns>0, or the error's number.</returns>
    public int CallBuffer(uint request, ref Videodev2.Buffer buffer, out uint begin)
    {
        begin = 0;
        (buffer.Type, buffer.Memory) = (BufferType, Videodev2.MemoryMmap);
        if (BufferType == Videodev2.BufferTypeVideoCapture)
            return Call(request, ref buffer);
        var plane = new Videodev2.Plane();
        (buffer.Planes, buffer.Length) = ((nint)(&plane), 1);
        var error = Call(request, ref buffer);
        begin = plane.DataOffset;
        buffer.Planes = 0;
        (buffer.BytesUsed, buffer.Offset, buffer.Length) = (plane.BytesUsed, plane.Offset, plane.Length);
        return error;
    }

    /// <summary>Waits for a picture or an error.</summary>
    /// <returns>The events of <c>poll</c>; 0 when nothing came.</returns>
    public short Poll(TimeSpan wait)
    {
        var entry = new LibC.PollEntry { File = (int)_handle.DangerousGetHandle(), Events = LibC.PollIn };
        return LibC.Poll(&entry, 1, (int)Math.Ceiling(wait.TotalMilliseconds)) > 0 ? entry.Returned : (short)0;
    }

    /// <summary>Whether it was pulled out while it is open.</summary>
    public bool IsGone()
    {
        var capability = new Videodev2.Capability();
        return Call(Videodev2.QueryCap, ref capability) == LibC.NoDevice;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private void RequireCamera()
    {
        var capability = new Videodev2.Capability();
        var error = Call(Videodev2.QueryCap, ref capability);
        if (error is LibC.NotForThisDevice or LibC.Invalid)
            throw CameraTrouble.NotACamera(Path);
        if (error != 0)
            throw CameraTrouble.Opening(Path, error);
        var card = new ReadOnlySpan<byte>(capability.Card, 32);
        var end = card.IndexOf((byte)0);
        Card = Encoding.UTF8.GetString(end < 0 ? card : card[..end]);
        var can = (capability.Capabilities & Videodev2.CapDeviceCaps) != 0 ? capability.DeviceCaps : capability.Capabilities;
        if ((can & (Videodev2.CapVideoCapture | Videodev2.CapVideoCaptureMplane)) == 0)
            throw CameraTrouble.NoPictures(Path, Card, can);
        if ((can & Videodev2.CapVideoCapture) == 0)
            BufferType = Videodev2.BufferTypeVideoCaptureMplane;
        if ((can & Videodev2.CapStreaming) == 0)
            throw CameraTrouble.NoStreaming(Path, Card);
    }
}
