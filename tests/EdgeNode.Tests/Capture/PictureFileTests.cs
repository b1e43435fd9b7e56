using FaceLandmark.Capture;
using OpenCvSharp;

namespace FaceLandmark.Tests.Capture;

public sealed class PictureFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
        using var picture = PictureFile.Decode(path);
        Assert.Equal((300, 200), (picture.Cols, picture.Rows));
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

    [Fact]
    public void A_picture_beyond_100_megapixels_is_refused_before_it_is_decoded()
    {
        var file = File.ReadAllBytes(_folder.Picture("bomb.png", 9, 9, Scalar.Red));
        (file[16], file[17], file[18], file[19]) = (0, 1, 0, 0);
        (file[20], file[21], file[22], file[23]) = (0, 1, 0, 0);

        var error = Assert.Throws<SourceException>(() => PictureFile.Decode(_folder.Write("bomb.png", file)));

        Assert.Contains("65536x65536", error.Message, StringComparison.Ordinal);
        Assert.Contains("100 megapixels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_too_large_for_any_picture_is_refused_unread()
    {
        var path = _folder.Write("large.jpg", []);
        using (var file = File.OpenWrite(path))
            file.SetLength(400L << 20);

        Assert.Contains("419430400 bytes", Assert.Throws<SourceException>(() => PictureFile.Decode(path)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(600, 960)]
    [InlineData(300, 480)]
    [InlineData(100, 240)]
    [InlineData(641, 1920)]
    public void A_photograph_may_be_decoded_smaller(int rowsAtLeast, int width)
    {
        using var picture = PictureFile.Decode(Path.Combine(TempFolder.Demo, "sample1.jpg"), rowsAtLeast);

        Assert.Equal(width, picture.Cols);
        Assert.True(picture.Rows >= rowsAtLeast);
    }
}
