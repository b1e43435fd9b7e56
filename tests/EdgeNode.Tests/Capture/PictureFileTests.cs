using FaceLandmark.Capture;
using OpenCvSharp;

namespace FaceLandmark.Tests.Capture;

public sealed class PictureFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FramePool _pool = new();

    public void Dispose()
    {
        _folder.Dispose();
        Assert.Equal(0, _pool.Outstanding); // no way out keeps a frame
        _pool.Dispose();
    }

    [Theory]
    [InlineData("a.jpg")]
    [InlineData("a.png")]
    [InlineData("a.bmp")]
    [InlineData("a.webp")]
    public void The_header_tells_the_size_that_the_decoder_finds(string name)
    {
        var path = _folder.Picture(name, 300, 200, new Scalar(10, 120, 230));
        var file = File.ReadAllBytes(path);

        Assert.Equal(new PictureHeader(300, 200, true), PictureHeader.Read(file));
        Assert.False(PictureHeader.Read(file.AsSpan(0, file.Length * 3 / 4))!.Value.IsComplete);
        using var picture = PictureFile.Decode(path, _pool);
        Assert.Equal((300, 200), (picture.Width, picture.Height));
    }

    [Theory]
    [InlineData(ImwriteFlags.WebPQuality, 80, "VP8 ")]
    [InlineData(ImwriteFlags.WebPQuality, 101, "VP8L")]
    public void Both_kinds_of_WebP_are_understood(ImwriteFlags flag, int value, string chunk)
    {
        using var picture = new Mat(77, 133, MatType.CV_8UC3, new Scalar(1, 80, 200));
        Cv2.ImEncode(".webp", picture, out var file, new ImageEncodingParam(flag, value));

        Assert.Equal(chunk, System.Text.Encoding.ASCII.GetString(file, 12, 4));
        Assert.Equal(new PictureHeader(133, 77, true), PictureHeader.Read(file));
    }

    [Fact]
    public void Extended_WebP_tells_the_size_of_its_canvas()
    {
        byte[] file = [.. "RIFF"u8, 22, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 0x1F, 0x4E, 0, 0x0F, 0x27, 0];

        Assert.Equal(new PictureHeader(20_000, 10_000, true), PictureHeader.Read(file));
    }

    [Fact]
    [Trait("Category", "reliability")]
    public void Every_photograph_of_the_demo_is_complete_and_every_beginning_of_one_is_not()
    {
        foreach (var path in Directory.GetFiles(TempFolder.Demo, "*.jpg"))
        {
            var file = File.ReadAllBytes(path);
            Assert.True(PictureHeader.Read(file)!.Value.IsComplete);
            for (var length = 4; length < file.Length - 1; length += 997)
                Assert.False(PictureHeader.Read(file.AsSpan(0, length))!.Value.IsComplete);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_JPEG_without_its_end_marker_is_read_and_one_that_breaks_off_is_not(bool isProgressive)
    {
        using var photograph = Cv2.ImRead(Path.Combine(TempFolder.Demo, "sample1.jpg"));
        Cv2.ImEncode(".jpg", photograph, out var whole, new ImageEncodingParam(ImwriteFlags.JpegProgressive, isProgressive ? 1 : 0));
        var open = whole[..^2];

        AssertReads(open);
        AssertReads([.. open, 0xFF]);
        AssertReads([.. open, .. new byte[512]]);
        AssertReads([.. whole, .. "more"u8]);
        foreach (var part in new[] { 0.1, 0.3, 0.5, 0.7 })
        {
            var cut = whole[..(int)(whole.Length * part)];
            Assert.Contains(
                "ends before the picture is complete",
                Assert.Throws<SourceException>(() => PictureFile.Decode(cut, "cut.jpg", _pool)).Message,
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData(ImwriteFlags.JpegRstInterval, 3)]
    [InlineData(ImwriteFlags.JpegOptimize, 1)]
    [InlineData(ImwriteFlags.JpegQuality, 100)]
    [InlineData(ImwriteFlags.JpegQuality, 1)]
    public void Blocks_are_counted_in_every_form_that_is_written(ImwriteFlags flag, int value)
    {
        using var photograph = Cv2.ImRead(Path.Combine(TempFolder.Demo, "sample2.jpg"), ImreadModes.ReducedColor4);
        using var grey = photograph.CvtColor(ColorConversionCodes.BGR2GRAY);
        foreach (var picture in new[] { photograph, grey })
        {
            Cv2.ImEncode(".jpg", picture, out var whole, new ImageEncodingParam(flag, value));
            Assert.True(PictureHeader.Read(whole.AsSpan(0, whole.Length - 2))!.Value.IsComplete);
            for (var cut = 40; cut < whole.Length; cut = (cut * 2) + 1)
                Assert.False(
                    PictureHeader.Read(whole.AsSpan(0, whole.Length - cut))!.Value.IsComplete,
                    $"{cut} of {whole.Length} bytes are missing"
                );
        }
    }

    [Fact]
    public void Stray_bytes_before_a_segment_are_passed_over()
    {
        var file = File.ReadAllBytes(Path.Combine(TempFolder.Demo, "sample1.jpg"));
        var first = 4 + (256 * file[4]) + file[5]; // behind the first segment

        AssertReads([.. file[..first], 0, 1, 2, 3, .. file[first..]]);
        AssertReads([.. file[..first], 0xFF, 0xFF, 0xFF, .. file[first..]]);
    }

    [Fact]
    public void A_PNG_of_45_bytes_does_not_have_a_hundred_megapixels()
    {
        byte[] file =
        [
            0x89,
            .. "PNG"u8,
            0x0D,
            0x0A,
            0x1A,
            0x0A,
            0,
            0,
            0,
            13,
            .. "IHDR"u8,
            0,
            0,
            0x27,
            0x10,
            0,
            0,
            0x27,
            0x10,
            8,
            2,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            .. "IEND"u8,
            0xAE,
            0x42,
            0x60,
            0x82,
        ];

        AssertCheap(file);
        file[33] = 0x7F; // the length of the chunk behind the header
        AssertCheap(file);
        AssertCheap([.. file[..33], 0x7F, 0xFF, 0xFF, 0xFF, .. "zTXtIEND"u8, 0, 0, 0, 0]);
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.bmp")]
    [InlineData("a.webp")]
    [InlineData("a.jpg")]
    public void A_small_file_that_announces_a_large_picture_takes_no_memory(string name)
    {
        var file = File.ReadAllBytes(_folder.Picture(name, 16, 16, Scalar.Red));
        switch (Path.GetExtension(name))
        {
            case ".png":
                (file[18], file[19], file[22], file[23]) = (0x27, 0x10, 0x27, 0x10);
                break;
            case ".bmp":
                (file[18], file[19], file[22], file[23]) = (0x10, 0x27, 0x10, 0x27);
                break;
            case ".webp":
                (file[26], file[27], file[28], file[29]) = (0x10, 0x27, 0x10, 0x27);
                break;
            default:
                var frame = file.AsSpan().IndexOf<byte>([0xFF, 0xC0]);
                (file[frame + 5], file[frame + 6], file[frame + 7], file[frame + 8]) = (0x27, 0x10, 0x27, 0x10);
                break;
        }

        AssertCheap(file);
    }

    [Fact]
    public void The_limit_is_a_setting()
    {
        var path = _folder.Picture("two.png", 2000, 1000, Scalar.Red);

        Assert.Contains(
            "Pictures:MaxMegapixels",
            Assert.Throws<SourceException>(() => PictureFile.Decode(path, _pool, new PicturesOptions { MaxMegapixels = 1 })).Message,
            StringComparison.Ordinal
        );
        PictureFile.Decode(path, _pool, new PicturesOptions { MaxMegapixels = 2 }).Dispose();
    }

    [Theory]
    [InlineData("mkfifo", "is a named pipe")]
    [InlineData("ln -s /dev/zero", "is a device")]
    [InlineData("ln -s /proc/self", "is a folder")]
    public void What_is_no_file_is_refused_at_once(string make, string sentence)
    {
        foreach (var name in new[] { "odd.jpg", "odd.mp4" })
        {
            var path = Path.Combine(_folder.Path, name);
            using (var shell = System.Diagnostics.Process.Start("sh", ["-c", $"{make} '{path}'"]))
                shell.WaitForExit();
            var error = Assert.Throws<SourceException>(() =>
                name.EndsWith("jpg", StringComparison.Ordinal)
                    ? PictureFile.Decode(path, _pool)
                    : (IDisposable)new VideoFileSource(path, loop: false)
            );
            Assert.Contains(
                sentence == "is a folder" && name.EndsWith("mp4", StringComparison.Ordinal) ? "does not exist" : sentence,
                error.Message,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void A_picture_beyond_100_megapixels_is_refused_before_it_is_decoded()
    {
        var file = File.ReadAllBytes(_folder.Picture("bomb.png", 9, 9, Scalar.Red));
        (file[16], file[17], file[18], file[19]) = (0, 1, 0, 0);
        (file[20], file[21], file[22], file[23]) = (0, 1, 0, 0);

        var error = Assert.Throws<SourceException>(() => PictureFile.Decode(_folder.Write("bomb.png", file), _pool));

        Assert.Contains("65536x65536", error.Message, StringComparison.Ordinal);
        Assert.Contains("100 megapixels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_too_large_for_any_picture_is_refused_unread()
    {
        var path = _folder.Write("large.jpg", []);
        using (var file = File.OpenWrite(path))
            file.SetLength(400L << 20);

        Assert.Contains(
            "419430400 bytes",
            Assert.Throws<SourceException>(() => PictureFile.Decode(path, _pool)).Message,
            StringComparison.Ordinal
        );
    }

    private void AssertReads(byte[] file)
    {
        using var picture = PictureFile.Decode(file, "a.jpg", _pool);
        Assert.True(picture.IsStill);
    }

    // Refused, and before the decoder takes memory: what it takes is not the runtime's, so the process is looked at.
    private void AssertCheap(byte[] file)
    {
        var before = Environment.WorkingSet;
        var error = Assert.Throws<SourceException>(() => PictureFile.Decode(file, "bomb", _pool));
        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 100 << 20);
    }

    [Theory]
    [InlineData(600, 960)]
    [InlineData(300, 480)]
    [InlineData(100, 240)]
    [InlineData(641, 1920)]
    public void A_photograph_may_be_decoded_smaller(int rowsAtLeast, int width)
    {
        using var picture = PictureFile.Decode(Path.Combine(TempFolder.Demo, "sample1.jpg"), _pool, pixelsHighAtLeast: rowsAtLeast);

        Assert.Equal(width, picture.Width);
        Assert.True(picture.Height >= rowsAtLeast);
    }
}
