using System.Buffers;
using System.Text.Json;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;
using FaceLandmark.Publish;

namespace FaceLandmark.Films;

/// <summary>Landmarks messages of a film's frames, one a line. One thread at a time.</summary>
internal sealed class FilmJsonl : IDisposable
{
    private readonly string _film;
    private readonly string _node;
    private readonly TimeProvider _time;
    private readonly LineFile _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(8192);
    private readonly Utf8JsonWriter _writer;

    /// <summary>Begins the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="film">Path of the film, for the messages.</param>
    /// <param name="node">Name of the node, for the messages.</param>
    /// <param name="time">The clock of <see cref="FrameWork.Timestamp"/>.</param>
    /// <exception cref="LineFileException">It cannot be written.</exception>
    public FilmJsonl(string path, string film, string node, TimeProvider time)
    {
        (_film, _node, _time, _file) = (film, node, time, new LineFile(path));
        _writer = new Utf8JsonWriter(_buffer, MessageJson.WriterOptions);
    }

    /// <summary>Adds a frame.</summary>
    /// <exception cref="LineFileException">The file cannot be written.</exception>
    public void Write(FrameWork work)
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
        LandmarksMessage.Write(_writer, work, _node, _time, _film);
        _writer.Flush();
        _file.Add(_buffer.WrittenSpan);
    }

    /// <summary>Writes what is not yet written.</summary>
    /// <exception cref="LineFileException">The file cannot be written.</exception>
    public void Flush() => _file.Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }
}
