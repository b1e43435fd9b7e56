using Microsoft.Extensions.Logging;

namespace FaceLandmark.Capture;

/// <summary>
/// The pictures of a folder in the order of their names (ordinal), or one picture: each BGR at its own size, all of them, then the end.
/// A file that is no usable picture is named in the log and skipped.
/// </summary>
internal sealed class FolderSource : IFrameSource
{
    private readonly ILogger _logger;
    private readonly PicturesOptions _pictures;
    private readonly Queue<string> _files;
    private readonly FramePool _firstPool = new();
    private Frame? _first;

    /// <summary>Looks for the first usable picture.</summary>
    /// <param name="path">A folder (hidden files and sub-folders are not looked at) or a picture file.</param>
    /// <param name="logger">Where skipped files are named.</param>
    /// <param name="pictures">How large they may be.</param>
    /// <exception cref="SourceException">There is no usable picture.</exception>
    public FolderSource(string path, ILogger logger, PicturesOptions? pictures = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        (_logger, _pictures) = (logger, pictures ?? new PicturesOptions());
        if (!Directory.Exists(path))
        {
            _files = [];
            _first = PictureFile.Decode(path, _firstPool, _pictures);
        }
        else
        {
            _files = new Queue<string>(PictureReader.Files(path));
            var count = _files.Count;
            _first =
                Next(_firstPool)
                ?? throw new SourceException(
                    count == 0
                        ? $"Folder '{path}' is empty; put pictures (JPEG, PNG, BMP or WebP) into it or name another folder."
                        : $"Folder '{path}' has no usable picture: none of its {count} files can be read as JPEG, PNG, BMP or WebP; "
                            + "the log gives the reason for each."
                );
        }

        Info = new SourceInfo
        {
            Description = path,
            Width = _first.Width,
            Height = _first.Height,
            Fps = 0,
            Layout = PixelLayout.Bgr,
            IsLive = false,
        };
    }

    /// <inheritdoc/>
    public SourceInfo Info { get; }

    /// <summary>Files skipped so far.</summary>
    public int Skipped { get; private set; }

    /// <inheritdoc/>
    public Frame? Read(FramePool pool, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_first is null)
            return Next(pool);
        using var first = _first;
        _first = null;
        var frame = pool.Rent(first.Width, first.Height, first.Layout);
        first.Data.CopyTo(frame.Data);
        (frame.IsStill, frame.File) = (true, first.File);
        return frame;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _first?.Dispose();
        _firstPool.Dispose();
    }

    private Frame? Next(FramePool pool)
    {
        while (_files.TryDequeue(out var path))
        {
            try
            {
                return PictureFile.Decode(path, pool, _pictures);
            }
            catch (SourceException e)
            {
                Skipped++;
                CaptureLog.PictureSkipped(_logger, e.Message);
            }
        }

        return null;
    }
}
