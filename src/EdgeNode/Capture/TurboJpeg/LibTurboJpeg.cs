using System.Runtime.InteropServices;

namespace FaceLandmark.Capture.TurboJpeg;

/// <summary>
/// The calls of the system's TurboJPEG, whose library has kept its name and these calls through the versions 2 and 3 of libjpeg-turbo.
/// A C <c>unsigned long</c> is a <c>nuint</c>, as on every 64-bit Linux.
/// </summary>
internal static unsafe partial class LibTurboJpeg
{
    public const string Name = "libturbojpeg.so.0";

    public const int Bgr = 1; // TJPF_BGR
    public const int Bgra = 8; // TJPF_BGRA
    public const int HalvedColours = 2; // TJSAMP_420
    public const int NoReallocation = 1024; // TJFLAG_NOREALLOC
    public const int AccurateTransform = 4096; // TJFLAG_ACCURATEDCT
    public const int Warning = 0; // TJERR_WARNING

    private static readonly Lazy<bool> _isThere = new(static () => NativeLibrary.TryLoad(Name, out _));

    /// <summary>
    /// Whether it loads. This is what decides how JPEGs are read and written: by TurboJPEG where it is, elsewhere by Skia, whose pixels
    /// are the same and which takes several times as long (decision 84).
    /// </summary>
    public static bool IsThere => _isThere.Value;

    [LibraryImport(Name, EntryPoint = "tjInitDecompress")]
    public static partial TurboJpegHandle OpenDecoder();

    [LibraryImport(Name, EntryPoint = "tjInitCompress")]
    public static partial TurboJpegHandle OpenEncoder();

    [LibraryImport(Name, EntryPoint = "tjDestroy")]
    public static partial int Close(nint instance);

    [LibraryImport(Name, EntryPoint = "tjDecompressHeader3")]
    public static partial int ReadHeader(
        TurboJpegHandle decoder,
        byte* jpeg,
        nuint length,
        out int width,
        out int height,
        out int sampling,
        out int colours
    );

    [LibraryImport(Name, EntryPoint = "tjDecompress2")]
    public static partial int Decode(
        TurboJpegHandle decoder,
        byte* jpeg,
        nuint length,
        byte* pixels,
        int width,
        int bytesARow,
        int height,
        int pixelFormat,
        int flags
    );

    [LibraryImport(Name, EntryPoint = "tjCompress2")]
    public static partial int Encode(
        TurboJpegHandle encoder,
        byte* pixels,
        int width,
        int bytesARow,
        int height,
        int pixelFormat,
        ref byte* jpeg,
        ref nuint length,
        int sampling,
        int quality,
        int flags
    );

    [LibraryImport(Name, EntryPoint = "tjBufSize")]
    public static partial nuint MostBytes(int width, int height, int sampling);

    [LibraryImport(Name, EntryPoint = "tjGetErrorCode")]
    public static partial int ErrorCode(TurboJpegHandle instance);

    [LibraryImport(Name, EntryPoint = "tjGetErrorStr2")]
    private static partial nint ErrorText(TurboJpegHandle instance);

    /// <summary>What it says of the last call that failed.</summary>
    public static string ErrorOf(TurboJpegHandle instance) => Marshal.PtrToStringUTF8(ErrorText(instance)) ?? "no reason was given";
}
