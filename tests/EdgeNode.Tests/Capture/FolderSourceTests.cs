using FaceLandmark.Capture;
using Microsoft.Extensions.Logging.Testing;
using OpenCvSharp;

namespace FaceLandmark.Tests.Capture;

public sealed class FolderSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FramePool _pool = new();
    private readonly FakeLogger _log = new();

    public void Dispose()
    {
        _folder.Dispose();
        _pool.Dispose();
    }

    [Fact]
    public void Pictures_come_in_the_order_of_their_names_at_their_own_sizes()
    {
        _folder.Picture("b.png", 10, 7, new Scalar(1, 2, 3));
        _folder.Picture("B.bmp", 5, 4, new Scalar(40, 50, 60));
        _folder.Picture("a.webp", 16, 12, new Scalar(90, 90, 90));
        _folder.Picture("c.jpg", 32, 24, new Scalar(200, 100, 50));
        using var source = new FolderSource(_folder.Path, _log);

        var seen = new List<(string Name, int Width, int Height)>();
        while (source.Read(_pool, TestContext.Current.CancellationToken) is { } frame)
        {
            using (frame)
            {
                Assert.True(frame.IsStill);
                Assert.Equal(PixelLayout.Bgr, frame.Layout);
                seen.Add((Path.GetFileName(frame.File)!, frame.Width, frame.Height));
                if (frame.File!.EndsWith("b.png", StringComparison.Ordinal))
                    Assert.Equal([1, 2, 3], frame.Data[^3..].ToArray());
            }
        }

        Assert.Equal([("B.bmp", 5, 4), ("a.webp", 16, 12), ("b.png", 10, 7), ("c.jpg", 32, 24)], seen);
        Assert.Equal((5, 4, false), (source.Info.Width, source.Info.Height, source.Info.IsLive));
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void What_is_no_picture_is_named_with_its_reason_and_skipped()
    {
        var whole = File.ReadAllBytes(_folder.Picture("whole.jpg", 64, 48, Scalar.Green));
        _folder.Write("broken.jpg", whole[..(whole.Length - 20)]);
        _folder.Write("empty.jpg", []);
        _folder.Write("notes.txt", "not a picture");
        _folder.Write(
            "garbage.png",
            [0x89, (byte)'P', (byte)'N', (byte)'G', .. new byte[12], 0, 0, 0, 9, 0, 0, 0, 9, .. new byte[20], .. "IEND"u8]
        );
        _folder.Write(".hidden", "not looked at");
        using var source = new FolderSource(_folder.Path, _log);

        using (var frame = source.Read(_pool, TestContext.Current.CancellationToken))
            Assert.EndsWith("whole.jpg", frame!.File, StringComparison.Ordinal);
        Assert.Null(source.Read(_pool, TestContext.Current.CancellationToken));

        Assert.Equal(4, source.Skipped);
        var log = string.Join('\n', _log.Collector.GetSnapshot().Select(record => record.Message));
        Assert.Matches(
            "broken.jpg' is damaged.*\n.*empty.jpg' is empty.*\n.*garbage.png' is damaged.*\n.*notes.txt' is not a picture",
            log
        );
        Assert.DoesNotContain("hidden", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.txt")]
    [InlineData(null)]
    public void A_folder_without_a_usable_picture_is_refused(string? file)
    {
        if (file is not null)
            _folder.Write(file, "text");

        var error = Assert.Throws<SourceException>(() => new FolderSource(_folder.Path, _log));

        Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(file is null ? "is empty" : "none of its 1 files", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_picture_is_a_source_of_one_frame()
    {
        using var source = new FolderSource(_folder.Picture("one.jpg", 20, 10, Scalar.Blue), _log);

        using (var frame = source.Read(_pool, TestContext.Current.CancellationToken))
            Assert.Equal((20, 10), (frame!.Width, frame.Height));
        Assert.Null(source.Read(_pool, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void One_unusable_picture_is_refused_with_its_reason()
    {
        Assert.Contains(
            "is empty",
            Assert.Throws<SourceException>(() => new FolderSource(_folder.Write("a.jpg", []), _log)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "cannot be read",
            Assert.Throws<SourceException>(() => new FolderSource(Path.Combine(_folder.Path, "gone.jpg"), _log)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_source_that_was_not_read_to_the_end_leaves_nothing_behind()
    {
        _folder.Picture("a.png", 4, 4, Scalar.Red);
        var source = new FolderSource(_folder.Path, _log);
        source.Dispose();

        Assert.Equal(0, _pool.Outstanding);
    }
}
