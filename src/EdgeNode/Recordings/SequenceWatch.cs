using System.Text.Json;

namespace FaceLandmark.Recordings;

/// <summary>Notices landmarks messages that did not come, by the numbers of the frames and what the node says it dropped itself.</summary>
internal sealed class SequenceWatch
{
    private readonly Dictionary<string, Seen> _last = [];

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
        if (!_last.TryGetValue(topic, out var before) || before.Session != session)
        {
            _last[topic] = new Seen(session, now, 0, dropped);
            return 0;
        }

        if (now <= before.Sequence)
            return 0; // the other engine's result for the same frame, or a late one
        var (skipped, known) = (now - before.Sequence - 1, before.Dropped + dropped);
        _last[topic] = new Seen(session, now, Math.Max(0, known - skipped), skipped > 0 ? 0 : before.Perhaps);
        return Math.Max(0, skipped - known - before.Perhaps);
    }

    /// <summary>The last message of a topic.</summary>
    /// <param name="Session">The node's session.</param>
    /// <param name="Sequence">Number of its frame.</param>
    /// <param name="Dropped">
    /// Later frames that the node has dropped: a message counts what was dropped until it was published.
    /// </param>
    /// <param name="Perhaps">
    /// What the session's first message counted that came: nobody knows how many of those frames are later than its own. They count for
    /// the first numbers that are missing.
    /// </param>
    private readonly record struct Seen(string Session, long Sequence, long Dropped, long Perhaps);
}
