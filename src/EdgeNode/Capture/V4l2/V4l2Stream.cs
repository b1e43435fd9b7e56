using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FaceLandmark.Capture.V4l2;

/// <summary>
/// The stream of a camera: a ring of the driver's own buffers, mapped. A buffer that was taken is given back by <see cref="GiveBack"/>.
/// </summary>
internal sealed class V4l2Stream : IDisposable
{
    // The driver fills one, one waits to be taken, one is being read, and one is spare for a moment in which the machine is busy.
    private const uint Buffers = 4;
    private const uint LeastBuffers = 2;

    // How often a wait looks whether it is still wanted.
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private readonly V4l2Device _device;
    private readonly List<V4l2Mapping> _mappings = [];
    private readonly List<uint> _begins = []; // where the picture of each begins

    /// <summary>Takes the buffers and starts.</summary>
    /// <exception cref="SourceException">The camera refuses.</exception>
    public V4l2Stream(V4l2Device device, in V4l2Format format)
    {
        _device = device;
        try
        {
            Map(format);
            for (uint index = 0; index < _mappings.Count; index++)
                GiveBack(index);
            var type = (int)device.BufferType;
            var error = device.Call(Videodev2.StreamOn, ref type);
            if (error != 0)
                throw CameraTrouble.Start(device.Path, error);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Waits for the next filled buffer.</summary>
    /// <param name="patience">How long.</param>
    /// <param name="buffer">It, to be given back.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when none came in that time.</returns>
    /// <exception cref="SourceException">The camera was unplugged, or its driver failed.</exception>
    public bool TryTake(TimeSpan patience, out Videodev2.Buffer buffer, CancellationToken cancellationToken)
    {
        buffer = default;
        // The driver's own time: no clock of tests moves it.
        for (var begin = Stopwatch.GetTimestamp(); ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var left = patience - Stopwatch.GetElapsedTime(begin);
            if (left <= TimeSpan.Zero)
                return false;
            var events = _device.Poll(left < s_look ? left : s_look);
            if (events == 0)
                continue;
            buffer = default;
            var error = _device.CallBuffer(Videodev2.DequeueBuffer, ref buffer, out var pictureBegin);
            if (error == 0 && buffer.Index < _mappings.Count)
            {
                _begins[(int)buffer.Index] = pictureBegin;
                return true;
            }

            if (error != LibC.TryAgain || (events & LibC.PollErr) != 0)
                throw CameraTrouble.Reading(_device, error is 0 or LibC.TryAgain ? LibC.InputOutput : error);
        }
    }

    /// <summary>What a taken buffer holds.</summary>
    public ReadOnlySpan<byte> Bytes(in Videodev2.Buffer buffer)
    {
        var all = _mappings[(int)buffer.Index].Bytes;
        var end = (int)Math.Min(buffer.BytesUsed, (uint)all.Length);
        return all[(int)Math.Min(_begins[(int)buffer.Index], (uint)end)..end];
    }

    /// <summary>Lets the driver fill a buffer again.</summary>
    /// <exception cref="SourceException">The camera was unplugged, or its driver failed.</exception>
    public void GiveBack(uint index)
    {
        var buffer = new Videodev2.Buffer { Index = index };
        var error = _device.CallBuffer(Videodev2.QueueBuffer, ref buffer, out _);
        if (error != 0)
            throw CameraTrouble.Reading(_device, error);
    }

    /// <summary>Stops, and gives all buffers back to the driver; the device stays open.</summary>
    public void Dispose()
    {
        // What the driver says to that changes nothing: the file is closed next.
        var type = (int)_device.BufferType;
        _ = _device.Call(Videodev2.StreamOff, ref type);
        foreach (var mapping in _mappings)
            mapping.Dispose();
        _mappings.Clear();
    }

    private void Map(in V4l2Format format)
    {
        var request = new Videodev2.BufferRequest
        {
            Count = Buffers,
            Type = _device.BufferType,
            Memory = Videodev2.MemoryMmap,
        };
        var error = _device.Call(Videodev2.RequestBuffers, ref request);
        if (error != 0 || request.Count < LeastBuffers)
            throw CameraTrouble.Buffers(_device.Path, error);
        for (uint index = 0; index < request.Count; index++)
        {
            var buffer = new Videodev2.Buffer { Index = index };
            error = _device.CallBuffer(Videodev2.QueryBuffer, ref buffer, out _);
            if (error != 0 || buffer.Length < format.LeastBytes || buffer.Length > int.MaxValue)
                throw CameraTrouble.Buffers(_device.Path, error);
            var mapping = V4l2Mapping.Of(_device.Handle, buffer.Offset, (int)buffer.Length);
            if (mapping.IsInvalid)
                throw CameraTrouble.Buffers(_device.Path, Marshal.GetLastPInvokeError());
            _mappings.Add(mapping);
            _begins.Add(0);
        }
    }
}
