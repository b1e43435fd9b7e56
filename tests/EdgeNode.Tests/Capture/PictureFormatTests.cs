using System.Buffers.Binary;
using System.IO.Hashing;
using FaceLandmark.Capture;
using OpenCvSharp;

namespace FaceLandmark.Tests.Capture;

/// <summary>Every kind of picture against OpenCV's decoder, the oracle.</summary>
public sealed unsafe class PictureFormatTests : IDisposable
{
    private readonly FramePool _pool = new();
    private readonly Mat _photograph = Cv2.ImRead(Path.Combine(TempFolder.Demo, "sample3.jpg"), ImreadModes.ReducedColor8);

    public void Dispose()
    {
        _photograph.Dispose();
        Assert.Equal(0, _pool.Outstanding);
        _pool.Dispose();
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    [InlineData(".bmp")]
    [InlineData(".webp")]
    public void Colour_and_grey_come_as_OpenCV_decodes_them(string ending)
    {
        using var grey = _photograph.CvtColor(ColorConversionCodes.BGR2GRAY);

        AssertAsOpenCv(_photograph.ToBytes(ending));
        AssertAsOpenCv(grey.ToBytes(ending));
    }

    [Theory]
    [InlineData(".png")]
    [InlineData(".webp")]
    [InlineData(".bmp")]
    public void What_is_transparent_keeps_its_colour(string ending)
    {
        using var alpha = new Mat(_photograph.Size(), MatType.CV_8UC1);
        Cv2.Randu(alpha, 0, 256);
        using var picture = new Mat();
        Cv2.Merge([.. _photograph.Split(), alpha], picture);

        AssertAsOpenCv(picture.ToBytes(ending, [(int)ImwriteFlags.WebPQuality, 101]));
    }

    [Fact]
    public void Sixteen_bits_become_eight()
    {
        using var grey = _photograph.CvtColor(ColorConversionCodes.BGR2GRAY);
        foreach (var picture in new[] { _photograph, grey })
        {
            using var deep = new Mat();
            picture.ConvertTo(deep, -1, 1, 0);
            picture.ConvertTo(deep, picture.Channels() == 1 ? MatType.CV_16UC1 : MatType.CV_16UC3, 257, 100);
            AssertAsOpenCv(deep.ToBytes(".png"));
        }
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    [InlineData(".webp")]
    public void Pictures_are_turned_as_their_EXIF_data_say(string ending)
    {
        var plain = _photograph.ToBytes(ending, [(int)ImwriteFlags.WebPQuality, 101]);
        for (byte orientation = 1; orientation <= 8; orientation++)
        {
            var file = WithOrientation(plain, ending, orientation);
            AssertAsOpenCv(file);
            using var frame = PictureFile.Decode(file, "turned" + ending, _pool);
            Assert.Equal(orientation > 4 ? _photograph.Height : _photograph.Width, frame.Width);
        }
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    [InlineData(".bmp")]
    [InlineData(".webp")]
    public void A_garbled_picture_is_decoded_or_refused_with_a_sentence(string ending)
    {
        using var small = new Mat();
        Cv2.Resize(_photograph, small, new Size(48, 32));
        var whole = small.ToBytes(ending);
        var random = new Random(3);
        for (var i = 0; i < 300; i++)
        {
            var garbled = (byte[])whole.Clone();
            for (var k = 0; k < 1 + (i % 6); k++)
                garbled[random.Next(garbled.Length)] = (byte)random.Next(256);
            if (PictureHeader.Read(garbled) is { IsComplete: true, Width: > 0 and < 1000, Height: > 0 and < 1000 })
                AssertSameBothWays(garbled, hasSamePixels: false); // values beyond all pictures are cut off differently by vectors
            try
            {
                PictureFile.Decode(garbled, "garbled", _pool, new PicturesOptions { MaxMegapixels = 1 }).Dispose();
            }
            catch (SourceException reason)
            {
                Assert.EndsWith(".", reason.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_JPEG_may_be_decoded_smaller_however_small_it_is(int reduceBy)
    {
        foreach (var (width, height) in new[] { (1, 1), (2, 3), (7, 2), (8, 1), (9, 9), (33, 17), (100, 75) })
        {
            using var small = new Mat();
            Cv2.Resize(_photograph, small, new Size(width, height));
            AssertSameBothWays(small.ToBytes(".jpg"), reduceBy, mustCome: true);
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(2, true)]
    [InlineData(0, false)]
    public void What_TurboJPEG_does_not_decode_Skia_does(byte transform, bool hasAdobe)
    {
        AssertSameBothWays(OfFourColours(transform, hasAdobe), mustCome: true);
    }

    [Fact]
    public void A_TIFF_is_refused_with_the_formats_that_are_read()
    {
        var error = Assert.Throws<SourceException>(() => PictureFile.Decode(_photograph.ToBytes(".tiff"), "a.tiff", _pool));

        Assert.Equal("'a.tiff' is not a picture; give a JPEG, PNG, BMP or WebP file.", error.Message);
    }

    // The EXIF data: little-endian TIFF with one entry, the orientation (0x0112, one 16-bit number).
    private static byte[] WithOrientation(byte[] file, string ending, byte orientation)
    {
        byte[] exif = [.. "II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];
        switch (ending)
        {
            case ".jpg":
                return [.. file[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 8), .. "Exif"u8, 0, 0, .. exif, .. file[2..]];
            case ".png":
                byte[] chunk = [.. "eXIf"u8, .. exif];
                return [.. file[..33], .. Big((uint)exif.Length), .. chunk, .. Big(Crc32.HashToUInt32(chunk)), .. file[33..]];
            default:
                var (width, height) = (PictureHeader.Read(file)!.Value.Width - 1, PictureHeader.Read(file)!.Value.Height - 1);
                byte[] inner =
                [
                    .. "WEBPVP8X"u8,
                    .. Little(10),
                    .. Little(8), // there is EXIF data
                    .. Little((uint)width)[..3],
                    .. Little((uint)height)[..3],
                    .. file[12..],
                    .. "EXIF"u8,
                    .. Little((uint)exif.Length),
                    .. exif,
                ];
                return [.. "RIFF"u8, .. Little((uint)inner.Length), .. inner];
        }
    }

    private static byte[] Big(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Little(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    // Four equal components of one block each, all of a mean level: CMYK, or YCCK where Adobe's segment says so.
    private static byte[] OfFourColours(byte transform, bool hasAdobe)
    {
        byte[] adobe = hasAdobe ? [0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, transform] : [];
        byte[] components = [1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0];
        byte[] oneCode = [1, .. new byte[15], 0]; // one code of one bit, 0, for the value 0
        return
        [
            .. new byte[] { 0xFF, 0xD8 },
            .. adobe,
            .. new byte[] { 0xFF, 0xDB, 0, 67, 0 },
            .. Enumerable.Repeat((byte)1, 64),
            .. new byte[] { 0xFF, 0xC0, 0, 20, 8, 0, 8, 0, 8, 4 },
            .. components,
            .. new byte[] { 0xFF, 0xC4, 0, 20, 0x00 },
            .. oneCode,
            .. new byte[] { 0xFF, 0xC4, 0, 20, 0x10 },
            .. oneCode,
            .. new byte[] { 0xFF, 0xDA, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0 },
            .. new byte[] { 0, 0xFF, 0xD9 }, // a mean and an end of block for each component
        ];
    }

    private void AssertSameBothWays(byte[] file, int reduceBy = 1, bool mustCome = false, bool hasSamePixels = true)
    {
        using var byTurboJpeg = new PictureDecoder();
        using var bySkia = new PictureDecoder(byTurboJpeg: false);
        using var one = byTurboJpeg.Decode(file, _pool, reduceBy);
        using var other = bySkia.Decode(file, _pool, reduceBy);
        Assert.True(one is not null || !mustCome);
        Assert.Equal((other?.Width, other?.Height), (one?.Width, one?.Height));
        if (one is not null && hasSamePixels)
            Assert.True(Pixels(other!).SequenceEqual(Pixels(one)));
    }

    private static ReadOnlySpan<byte> Pixels(Frame frame) => new((void*)frame.Address, frame.Stride * frame.Height);

    private void AssertAsOpenCv(byte[] file)
    {
        AssertSameBothWays(file, mustCome: true);
        using var frame = PictureFile.Decode(file, "picture", _pool);
        using var expected = Cv2.ImDecode(file, ImreadModes.Color);
        Assert.Equal((expected.Cols, expected.Rows, PixelLayout.Bgr), (frame.Width, frame.Height, frame.Layout));
        using var actual = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Address);
        Assert.InRange(Cv2.Norm(expected, actual, NormTypes.INF), 0, 2);
    }
}
