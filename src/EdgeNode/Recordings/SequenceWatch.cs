using System.Text.Json;

namespace FaceLandmark.Recordings;

/// <summary>Notices landmarks messages that did not come, by the numbers of the frames and what the node says it dropped itself.</summary>
internal sealed class SequenceWatch
{
    private readonly Dictionary<(string Topic, string Engine), (string Session, long Sequence)> _last = [];

    /// <summary>How many messages are missing before this one; 0 if none, or where that cannot be told.</summary>
    public long MissingBefore(string topic, ReadOnlySpan<byte> payload)
    {
        var (session, engine) = ("", "");
        long? sequence = null;
        var dropped = 0L;
        try
        {
            var reader = new Utf8JsonReader(payload);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                return 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isSession, isEngine) = (reader.ValueTextEquals("session"u8), reader.ValueTextEquals("engine"u8));
                var (isSequence, isDropped) = (reader.ValueTextEquals("seq"u8), reader.ValueTextEquals("dropped"u8));
                var isLast = reader.ValueTextEquals("faces"u8); // the long one, and the last
                reader.Read();
                if (isSession && reader.TokenType == JsonTokenType.String)
                    session = reader.GetString()!;
                else if (isEngine && reader.TokenType == JsonTokenType.String)
                    engine = reader.GetString()!;
                else if (isSequence && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var found))
                    sequence = found;
                else if (isDropped && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var lost))
                    dropped = lost;
                if (isLast)
                    break;
                reader.Skip();
            }
        }
        catch (Exception reason) when (reason is JsonException or InvalidOperationException)
        {
            return 0;
        }

        if (sequence is not { } now)
            return 0;
        var key = (topic, engine);
        var missing = _last.TryGetValue(key, out var before) && before.Session == session ? now - before.Sequence - 1 - dropped : 0;
        _last[key] = (session, now);
        return Math.Max(0, missing);
    }
}
