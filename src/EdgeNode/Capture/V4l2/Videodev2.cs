using System.Runtime.InteropServices;

namespace FaceLandmark.Capture.V4l2;

/// <summary>
/// What is used of the kernel's <c>linux/videodev2.h</c>, on 64-bit Linux. A test compiles a C program with that header and compares
/// sizes, offsets and numbers.
/// </summary>
internal static unsafe class Videodev2
{
    public const uint BufferTypeVideoCapture = 1;
    public const uint BufferTypeVideoCaptureMplane = 9;
    public const uint MemoryMmap = 1;
    public const uint FieldNone = 1;

    public const uint CapVideoCapture = 0x0000_0001;
    public const uint CapVideoCaptureMplane = 0x0000_1000;
    public const uint CapMetaCapture = 0x0080_0000;
    public const uint CapStreaming = 0x0400_0000;
    public const uint CapDeviceCaps = 0x8000_0000;
    public const uint CapTimePerFrame = 0x1000;

    public const uint SizeDiscrete = 1;
    public const uint IntervalDiscrete = 1;

    public const uint ControlInteger = 1;
    public const uint ControlBoolean = 2;
    public const uint ControlMenu = 3;
    public const uint ControlBitmask = 8;
    public const uint ControlIntegerMenu = 9;
    public const uint ControlDisabled = 1;
    public const uint ControlReadOnly = 4;
    public const uint NextControl = 0x8000_0000;

    public const uint BufferError = 0x0000_0040;
    public const uint BufferTimestampMask = 0x0000_e000;
    public const uint BufferTimestampMonotonic = 0x0000_2000;

    public const uint FormatYuyv = 'Y' | 'U' << 8 | 'Y' << 16 | 'V' << 24;
    public const uint FormatUyvy = 'U' | 'Y' << 8 | 'V' << 16 | 'Y' << 24;
    public const uint FormatYu12 = 'Y' | 'U' << 8 | '1' << 16 | '2' << 24;
    public const uint FormatGrey = 'G' | 'R' << 8 | 'E' << 16 | 'Y' << 24;
    public const uint FormatNv12 = 'N' | 'V' << 8 | '1' << 16 | '2' << 24;
    public const uint FormatMjpg = 'M' | 'J' << 8 | 'P' << 16 | 'G' << 24;
    public const uint FormatJpeg = 'J' | 'P' << 8 | 'E' << 16 | 'G' << 24;

    public static readonly uint QueryCap = Read<Capability>(0);
    public static readonly uint EnumFormat = ReadWrite<FormatDescription>(2);
    public static readonly uint SetFormat = ReadWrite<Format>(5);
    public static readonly uint RequestBuffers = ReadWrite<BufferRequest>(8);
    public static readonly uint QueryBuffer = ReadWrite<Buffer>(9);
    public static readonly uint QueueBuffer = ReadWrite<Buffer>(15);
    public static readonly uint DequeueBuffer = ReadWrite<Buffer>(17);
    public static readonly uint StreamOn = Write<int>(18);
    public static readonly uint StreamOff = Write<int>(19);
    public static readonly uint GetParameters = ReadWrite<StreamParameters>(21);
    public static readonly uint SetParameters = ReadWrite<StreamParameters>(22);
    public static readonly uint SetControl = ReadWrite<Control>(28);
    public static readonly uint QueryMenu = ReadWrite<MenuQuery>(37);
    public static readonly uint EnumFrameSizes = ReadWrite<FrameSize>(74);
    public static readonly uint EnumFrameIntervals = ReadWrite<FrameInterval>(75);
    public static readonly uint QueryControl = ReadWrite<ControlQuery>(103);

    // _IOC of asm-generic/ioctl.h: two bits of direction, fourteen of size, eight of type, eight of number.
    private static uint Write<T>(uint number)
        where T : unmanaged => 1u << 30 | (uint)sizeof(T) << 16 | 'V' << 8 | number;

    private static uint Read<T>(uint number)
        where T : unmanaged => 2u << 30 | (uint)sizeof(T) << 16 | 'V' << 8 | number;

    private static uint ReadWrite<T>(uint number)
        where T : unmanaged => 3u << 30 | (uint)sizeof(T) << 16 | 'V' << 8 | number;

    [StructLayout(LayoutKind.Explicit, Size = 104)]
    public struct Capability
    {
        [FieldOffset(0)]
        public fixed byte Driver[16];

        [FieldOffset(16)]
        public fixed byte Card[32];

        [FieldOffset(84)]
        public uint Capabilities;

        [FieldOffset(88)]
        public uint DeviceCaps;
    }

    [StructLayout(LayoutKind.Explicit, Size = 64)]
    public struct FormatDescription
    {
        [FieldOffset(0)]
        public uint Index;

        [FieldOffset(4)]
        public uint Type;

        [FieldOffset(44)]
        public uint PixelFormat;
    }

    /// <summary>The union holds two numbers of a discrete size, or least, most and step of width and height.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 44)]
    public struct FrameSize
    {
        [FieldOffset(0)]
        public uint Index;

        [FieldOffset(4)]
        public uint PixelFormat;

        [FieldOffset(8)]
        public uint Type;

        [FieldOffset(12)]
        public uint Width;

        [FieldOffset(16)]
        public uint Height;

        [FieldOffset(12)]
        public uint LeastWidth;

        [FieldOffset(16)]
        public uint MostWidth;

        [FieldOffset(20)]
        public uint StepWidth;

        [FieldOffset(24)]
        public uint LeastHeight;

        [FieldOffset(28)]
        public uint MostHeight;

        [FieldOffset(32)]
        public uint StepHeight;
    }

    /// <summary>The union begins with a discrete interval, or with the shortest of a range.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 52)]
    public struct FrameInterval
    {
        [FieldOffset(0)]
        public uint Index;

        [FieldOffset(4)]
        public uint PixelFormat;

        [FieldOffset(8)]
        public uint Width;

        [FieldOffset(12)]
        public uint Height;

        [FieldOffset(16)]
        public uint Type;

        [FieldOffset(20)]
        public uint Numerator;

        [FieldOffset(24)]
        public uint Denominator;
    }

    [StructLayout(LayoutKind.Explicit, Size = 208)]
    public struct Format
    {
        [FieldOffset(0)]
        public uint Type;

        [FieldOffset(8)]
        public uint Width;

        [FieldOffset(12)]
        public uint Height;

        [FieldOffset(16)]
        public uint PixelFormat;

        [FieldOffset(20)]
        public uint Field;

        [FieldOffset(24)]
        public uint BytesPerLine;

        [FieldOffset(28)]
        public uint SizeImage;

        /// <summary>Of the first plane, where <see cref="Type"/> is the multi-planar one.</summary>
        [FieldOffset(32)]
        public uint PlaneBytesPerLine;

        /// <summary>Where <see cref="Type"/> is the multi-planar one.</summary>
        [FieldOffset(188)]
        public byte Planes;
    }

    /// <summary>A piece of memory of a multi-planar picture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    public struct Plane
    {
        [FieldOffset(0)]
        public uint BytesUsed;

        [FieldOffset(4)]
        public uint Length;

        [FieldOffset(8)]
        public uint Offset;

        /// <summary>Bytes before the picture, which <see cref="BytesUsed"/> counts, too.</summary>
        [FieldOffset(16)]
        public uint DataOffset;
    }

    [StructLayout(LayoutKind.Explicit, Size = 204)]
    public struct StreamParameters
    {
        [FieldOffset(0)]
        public uint Type;

        [FieldOffset(4)]
        public uint Capability;

        [FieldOffset(12)]
        public uint Numerator;

        [FieldOffset(16)]
        public uint Denominator;
    }

    [StructLayout(LayoutKind.Explicit, Size = 20)]
    public struct BufferRequest
    {
        [FieldOffset(0)]
        public uint Count;

        [FieldOffset(4)]
        public uint Type;

        [FieldOffset(8)]
        public uint Memory;
    }

    [StructLayout(LayoutKind.Explicit, Size = 88)]
    public struct Buffer
    {
        [FieldOffset(0)]
        public uint Index;

        [FieldOffset(4)]
        public uint Type;

        [FieldOffset(8)]
        public uint BytesUsed;

        [FieldOffset(12)]
        public uint Flags;

        [FieldOffset(24)]
        public long Seconds;

        [FieldOffset(32)]
        public long Microseconds;

        [FieldOffset(56)]
        public uint Sequence;

        [FieldOffset(60)]
        public uint Memory;

        [FieldOffset(64)]
        public uint Offset;

        /// <summary>Where <see cref="Type"/> is the multi-planar one; <see cref="Length"/> is then their number.</summary>
        [FieldOffset(64)]
        public nint Planes;

        [FieldOffset(72)]
        public uint Length;
    }

    /// <summary>A setting of a camera's own: its limits (<c>v4l2_query_ext_ctrl</c>).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 232)]
    public struct ControlQuery
    {
        [FieldOffset(0)]
        public uint Id;

        [FieldOffset(4)]
        public uint Type;

        [FieldOffset(8)]
        public fixed byte Name[32];

        [FieldOffset(40)]
        public long Least;

        [FieldOffset(48)]
        public long Most;

        [FieldOffset(56)]
        public long Step;

        [FieldOffset(72)]
        public uint Flags;
    }

    /// <summary>One item of a menu: a name, or a number for menus of numbers.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 44)]
    public struct MenuQuery
    {
        [FieldOffset(0)]
        public uint Id;

        [FieldOffset(4)]
        public uint Index;

        [FieldOffset(8)]
        public fixed byte Name[32];

        [FieldOffset(8)]
        public long Value;
    }

    /// <summary>A control's value.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 8)]
    public struct Control
    {
        [FieldOffset(0)]
        public uint Id;

        [FieldOffset(4)]
        public int Value;
    }
}
