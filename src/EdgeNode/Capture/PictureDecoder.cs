using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FaceLandmark.Capture.TurboJpeg;
using SkiaSharp;

namespace FaceLandmark.Capture;

/// <summary>
/// Pictures to BGR, whatever may be wrong with them: JPEGs by TurboJPEG, others by Skia, and so the JPEGs that TurboJPEG does not decode
/// or that it is not there for. By Skia a JPEG goes through a few rows of 32 bits a pixel that are kept from call to call; other formats
/// take a whole picture of those for the time of the call. Values are taken as the file has them: no colour profile is applied, what is
/// transparent keeps its colour, 16 bits become 8. Not thread-safe.
/// </summary>
/// <param name="byTurboJpeg">Whether JPEGs are tried by TurboJPEG first; both ways give the same pixels.</param>
internal sealed unsafe class PictureDecoder(bool byTurboJpeg) : IDisposable
{
    private const int BytesAPixel = 4; // of Skia's: it has no format with three
    private const int RowsAtOnce = 16; // one row of the blocks of a JPEG with halved colours

    private byte* _rows;
    private nuint _room;

    /// <summary>One that decodes the fastest way that is there.</summary>
    public PictureDecoder()
        : this(LibTurboJpeg.IsThere) { }

    /// <summary>
    /// A picture as a frame that the caller owns, turned the way its EXIF data says; null when it cannot be decoded as a whole.
    /// </summary>
    /// <param name="file">
    /// A JPEG, PNG, BMP or WebP file. The caller has looked at its header: memory is taken for what that announces.
    /// </param>
    /// <param name="pool">Where the frame comes from.</param>
    /// <param name="reduceBy">2, 4 or 8: a JPEG comes at that part of its size, which takes less time than the whole; 1: as it is.</param>
    public Frame? Decode(ReadOnlySpan<byte> file, FramePool pool, int reduceBy = 1)
    {
        fixed (byte* bytes = file)
        {
            var isForTurbo = byTurboJpeg && file.StartsWith<byte>([0xFF, 0xD8, 0xFF]);
            if (isForTurbo && TurboJpegDecoder.Decode(bytes, file.Length, pool, reduceBy) is { } picture)
                return Upright(picture, ExifOrientation.OfJpeg(file), pool);

            using var data = SKData.Create((nint)bytes, file.Length);
            using var codec = SKCodec.Create(data);
            if (codec is null)
                return null;
            var size = reduceBy == 1 ? codec.Info.Size : codec.GetScaledDimensions(1f / reduceBy);
            var frame = pool.Rent(size.Width, size.Height, PixelLayout.Bgr);
            var target = new SKImageInfo(size.Width, size.Height, SKColorType.Bgra8888, SKAlphaType.Unpremul);
            var isWhole = codec.EncodedFormat == SKEncodedImageFormat.Jpeg ? ByRows(codec, target, frame) : AtOnce(codec, target, frame);
            if (!isWhole)
            {
                frame.Dispose();
                return null;
            }

            var isPng = codec.EncodedFormat == SKEncodedImageFormat.Png;
            return Upright(frame, isPng ? ExifOrientation.OfPng(file) : (int)codec.EncodedOrigin, pool);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_rows);
        _rows = null;
        _room = 0;
    }

    private bool ByRows(SKCodec codec, SKImageInfo target, Frame frame)
    {
        if (codec.StartScanlineDecode(target) != SKCodecResult.Success)
            return false;
        var bytesARow = target.Width * BytesAPixel;
        if (_room < (nuint)(RowsAtOnce * bytesARow))
        {
            _room = (nuint)(RowsAtOnce * bytesARow);
            _rows = (byte*)NativeMemory.Realloc(_rows, _room);
        }

        for (var y = 0; y < target.Height; y += RowsAtOnce)
        {
            var rows = Math.Min(RowsAtOnce, target.Height - y);
            if (codec.GetScanlines((nint)_rows, rows, bytesARow) != rows)
                return false;
            Pack(_rows, (byte*)frame.Address + ((long)y * frame.Stride), (long)rows * target.Width);
        }

        return true;
    }

    private static bool AtOnce(SKCodec codec, SKImageInfo target, Frame frame)
    {
        var whole = (byte*)NativeMemory.AllocZeroed((nuint)target.Width * (nuint)target.Height, BytesAPixel);
        try
        {
            if (codec.GetPixels(target, (nint)whole, target.Width * BytesAPixel, SKCodecOptions.Default) != SKCodecResult.Success)
                return false;
            Pack(whole, (byte*)frame.Address, (long)target.Width * target.Height);
            return true;
        }
        finally
        {
            NativeMemory.Free(whole);
        }
    }

    // Four pixels at once; the store reaches one byte and a third of a pixel beyond them, which the next one overwrites.
    private static void Pack(byte* bgra, byte* bgr, long pixels)
    {
        var order = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);
        for (; pixels >= 8; pixels -= 4, bgra += 16, bgr += 12)
            Vector128.Shuffle(Vector128.Load(bgra), order).Store(bgr);
        for (; pixels > 0; pixels--, bgra += BytesAPixel, bgr += 3)
            (bgr[0], bgr[1], bgr[2]) = (bgra[0], bgra[1], bgra[2]);
    }

    // Skia's numbers are EXIF's.
    private static Frame Upright(Frame frame, int orientation, FramePool pool) =>
        orientation == (int)SKEncodedOrigin.TopLeft ? frame : Turned(frame, (SKEncodedOrigin)orientation, pool);

    // Where EXIF's origin names the place of the first row and the first column: columns run with or against x or y.
    private static Frame Turned(Frame picture, SKEncodedOrigin origin, FramePool pool)
    {
        using (picture)
        {
            var isOnItsSide = origin >= SKEncodedOrigin.LeftTop;
            var (width, height) = isOnItsSide ? (picture.Height, picture.Width) : (picture.Width, picture.Height);
            var turned = pool.Rent(width, height, PixelLayout.Bgr);
            var flipsX = origin
                is SKEncodedOrigin.TopRight
                    or SKEncodedOrigin.BottomRight
                    or SKEncodedOrigin.RightTop
                    or SKEncodedOrigin.RightBottom;
            var flipsY = origin
                is SKEncodedOrigin.BottomRight
                    or SKEncodedOrigin.BottomLeft
                    or SKEncodedOrigin.RightBottom
                    or SKEncodedOrigin.LeftBottom;
            var source = (byte*)picture.Address;
            var target = (byte*)turned.Address;
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++, target += 3)
                {
                    var (fromX, fromY) = (flipsX ? width - 1 - x : x, flipsY ? height - 1 - y : y);
                    if (isOnItsSide)
                        (fromX, fromY) = (fromY, fromX);
                    var from = source + ((long)fromY * picture.Stride) + (fromX * 3);
                    (target[0], target[1], target[2]) = (from[0], from[1], from[2]);
                }
            }

            return turned;
        }
    }
}
