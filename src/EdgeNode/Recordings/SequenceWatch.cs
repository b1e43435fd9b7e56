using System.Text.Json;

namespace FaceLandmark.Recordings;

/// <summary>Notices landmarks messages that did not come, by the numbers of the frames and what the node says it dropped itself.</summary>
internal sealed class SequenceWatch
{
    private readonly Dictionary<string, (string Session, long Sequence, long Dropped)> _last = [];

    /// <summary>How many messages are missing before this one; 0 if none, or where that cannot be told.</summary>
    public long MissingBefore(string topic, ReadOnlySpan<byte> payload)
    {
        var session = "";
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
                var isSession = reader.ValueTextEquals("session"u8);
                var (isSequence, isDropped) = (reader.ValueTextEquals("seq"u8), reader.ValueTextEquals("dropped"u8));
                var isLast = reader.ValueTextEquals("faces"u8); // the long one, and the last
                reader.Read();
                if (isSession && reader.TokenType == JsonTokenType.String)
                    session = reader.GetString()!;
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
        var isKnown = _last.TryGetValue(topic, out var before) && before.Session == session;
        if (isKnown && now <= before.Sequence)
            return 0; // the other engine's result for the same frame, or a late one
        // A message counts what was dropped until it was published: also frames that are later than its own.
        var (skipped, known) = isKnown ? (now - before.Sequence - 1, before.Dropped + dropped) : (0, 0);
        _last[topic] = (session, now, Math.Max(0, known - skipped));
        return Math.Max(0, skipped - known);
    }
}
