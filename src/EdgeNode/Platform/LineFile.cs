namespace FaceLandmark.Platform;

/// <summary>
/// A text file of which there are only whole lines, whatever happens while it is written: a full disk, a stopped program. One thread at a
/// time.
/// </summary>
internal sealed class LineFile : IDisposable
{
    private const int Enough = 1 << 14;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly MemoryStream _lines = new();

    /// <summary>Begins the file, in place of one that may be there.</summary>
    /// <exception cref="LineFileException">It cannot be written.</exception>
    public LineFile(string path)
    {
        _path = path;
        try
        {
            // Without a buffer of its own: what goes wrong shows where it is written.
            _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw Refusal(reason);
        }
    }

    /// <summary>Adds a line without its end.</summary>
    /// <exception cref="LineFileException">The file cannot be written. It ends with the last line that could be.</exception>
    public void Add(ReadOnlySpan<byte> line)
    {
        _lines.Write(line);
        _lines.WriteByte((byte)'\n');
        if (_lines.Length >= Enough)
            Flush();
    }

    /// <summary>Writes what is not yet written.</summary>
    /// <exception cref="LineFileException">The file cannot be written. It ends with the last line that could be.</exception>
    public void Flush()
    {
        var whole = _file.Position;
        try
        {
            _file.Write(_lines.GetBuffer(), 0, (int)_lines.Length);
            _lines.SetLength(0);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            _lines.SetLength(0);
            CutAt(whole);
            throw Refusal(reason);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _lines.Dispose();
    }

    private void CutAt(long length)
    {
        try
        {
            _file.SetLength(length);
        }
        catch (IOException)
        {
            // Then half a line stays.
        }
    }

    private LineFileException Refusal(Exception reason) =>
        new(
            $"'{_path}' cannot be written ({reason.Message.TrimEnd('.')}); make room, or choose another place. "
                + "What was written until then can be used.",
            reason
        );
}
