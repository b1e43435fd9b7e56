using System.Buffers;
using System.Text.Json;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Recordings;

/// <summary>
/// A recording on disk: a line of JSON a message, in files that follow each other when one is large or old enough. Each begins with a line
/// that says what it is. No file that is there is ever overwritten. One thread at a time.
/// </summary>
internal sealed class RecordingFile : IDisposable
{
    private readonly string _path;
    private readonly string _broker;
    private readonly long _mostBytes;
    private readonly TimeSpan _longest;
    private readonly TimeProvider _time;
    private readonly ArrayBufferWriter<byte> _buffer = new(8192);
    private readonly Utf8JsonWriter _writer;
    private readonly List<string> _files = [];
    private LineFile _file;
    private long _began;
    private long _bytes;

    /// <summary>Begins the first file.</summary>
    /// <param name="path">Its path; the next ones, and the first if there is one, get <c>-2</c>, <c>-3</c>, ... before the extension.
    /// </param>
    /// <param name="broker">Host and port of the broker.</param>
    /// <param name="mostBytes">A file that is larger is followed by the next.</param>
    /// <param name="longest">A file that is older is followed by the next.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="LineFileException">It cannot be written.</exception>
    public RecordingFile(string path, string broker, long mostBytes, TimeSpan longest, TimeProvider time)
    {
        (_path, _broker, _mostBytes, _longest, _time) = (path, broker, mostBytes, longest, time);
        _writer = new Utf8JsonWriter(_buffer, MessageJson.WriterOptions);
        _file = Begin();
    }

    /// <summary>Paths of the files so far.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>Messages so far.</summary>
    public long Messages { get; private set; }

    /// <summary>Adds a message.</summary>
    /// <exception cref="LineFileException">The file cannot be written.</exception>
    public void Add(in RecordedMessage message)
    {
        Messages++;
        Begin(message.At);
        _writer.WriteString("topic", message.Topic);
        if (message.ContentType is not null and not MessageJson.ContentType)
            _writer.WriteString("contentType", message.ContentType);
        var payload = message.Payload.Span;
        if (payload.IndexOfAny((byte)'\n', (byte)'\r') < 0 && ReplayMark.IsJson(payload))
        {
            _writer.WritePropertyName("message");
            _writer.WriteRawValue(payload, skipInputValidation: true);
        }
        else
        {
            _writer.WriteBase64String("base64", payload);
        }

        End();
    }

    /// <summary>Notes that messages are missing.</summary>
    /// <param name="topic">Of which topic; null: of all.</param>
    /// <param name="why">Why, in words.</param>
    /// <param name="missing">How many; null: unknown.</param>
    /// <param name="since">Since when; null: unknown.</param>
    /// <exception cref="LineFileException">The file cannot be written.</exception>
    public void AddGap(string? topic, string why, long? missing, DateTimeOffset? since)
    {
        Begin(_time.GetUtcNow());
        _writer.WriteStartObject("gap");
        _writer.WriteString("why", why);
        if (topic is not null)
            _writer.WriteString("topic", topic);
        if (missing is { } count)
            _writer.WriteNumber("missing", count);
        if (since is { } begin)
            _writer.WriteString("since", MessageJson.ToIsoTime(begin));
        _writer.WriteEndObject();
        End();
    }

    /// <summary>Writes what is not yet written.</summary>
    /// <exception cref="LineFileException">The file cannot be written.</exception>
    public void Flush() => _file.Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _writer.Dispose();
    }

    private LineFile Begin()
    {
        var (path, name) = (Path.GetFullPath(_path), Path.GetFileNameWithoutExtension(_path));
        var folder = Path.GetDirectoryName(path)!;
        for (var next = Math.Max(2, _files.Count + 1); Path.Exists(path) || _files.Contains(path); next++)
            path = Path.Combine(folder, $"{name}-{next}{Path.GetExtension(_path)}");
        var file = new LineFile(path);
        _files.Add(path);
        (_began, _bytes) = (_time.GetTimestamp(), 0);
        _writer.Reset();
        _buffer.ResetWrittenCount();
        _writer.WriteStartObject();
        _writer.WriteString("schema", RecordingReader.Schema);
        _writer.WriteString("startedAt", MessageJson.ToIsoTime(_time.GetUtcNow()));
        _writer.WriteString("broker", _broker);
        _writer.WriteEndObject();
        _writer.Flush();
        file.Add(_buffer.WrittenSpan);
        return file;
    }

    private void Begin(DateTimeOffset at)
    {
        if (_bytes >= _mostBytes || _time.GetElapsedTime(_began) >= _longest)
        {
            _file.Flush();
            _file.Dispose();
            _file = Begin();
        }

        _writer.Reset();
        _buffer.ResetWrittenCount();
        _writer.WriteStartObject();
        _writer.WriteString("at", MessageJson.ToIsoTime(at));
    }

    private void End()
    {
        _writer.WriteEndObject();
        _writer.Flush();
        _bytes += _buffer.WrittenCount + 1;
        _file.Add(_buffer.WrittenSpan);
    }
}
