using System.Text.Json;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Publish;

/// <summary>The topic <c>log</c>: a warning or error, as JSON.</summary>
internal static class LogMessage
{
    /// <summary>Writes one object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="level">Warning or above.</param>
    /// <param name="category">Who says it.</param>
    /// <param name="id">Event id.</param>
    /// <param name="text">The sentence; of a flood the last one.</param>
    /// <param name="count">How often since the last message about it.</param>
    /// <param name="at">When, the last time (UTC).</param>
    /// <param name="node">Name of the node.</param>
    /// <param name="session">This start of the node.</param>
    public static void Write(
        Utf8JsonWriter writer,
        LogLevel level,
        string category,
        int id,
        string text,
        long count,
        DateTimeOffset at,
        string node,
        string session
    )
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(category);
        writer.WriteStartObject();
        writer.WriteString("schema", MessageSchemas.Log);
        writer.WriteString("node", node);
        writer.WriteString("session", session);
        writer.WriteTime(JsonEncodedText.Encode("at"), at);
        writer.WriteString("level", level.Word());
        writer.WriteString("category", category[(category.LastIndexOf('.') + 1)..]);
        writer.WriteNumber("event", id);
        writer.WriteString("message", text);
        writer.WriteNumber("count", count);
        writer.WriteEndObject();
    }
}
