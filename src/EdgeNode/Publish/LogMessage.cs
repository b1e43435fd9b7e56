using FaceLandmark.Mqtt;
using FaceLandmark.Platform;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Publish;

/// <summary>The topic <c>log</c>: a warning or error, as JSON.</summary>
/// <param name="Schema"><see cref="MessageSchemas.Log"/>.</param>
/// <param name="Node">Name of the node.</param>
/// <param name="Session">This start of the node.</param>
/// <param name="At">When, the last time (UTC).</param>
/// <param name="Level">Warning or above.</param>
/// <param name="Category">Who says it: the last part of the logger's name.</param>
/// <param name="Event">Event id.</param>
/// <param name="Message">The sentence; of a flood the last one.</param>
/// <param name="Count">How often since the last message about it.</param>
internal sealed record LogMessage(
    string Schema,
    string Node,
    string Session,
    string At,
    string Level,
    string Category,
    int Event,
    string Message,
    long Count
)
{
    /// <summary>The message about a line of the log.</summary>
    public static LogMessage Of(
        LogLevel level,
        string category,
        int id,
        string text,
        long count,
        DateTimeOffset at,
        NodeIdentity identity
    ) =>
        new(
            MessageSchemas.Log,
            identity.Name,
            identity.Session,
            MessageJson.ToIsoTime(at),
            level.Word(),
            category[(category.LastIndexOf('.') + 1)..],
            id,
            text,
            count
        );

    /// <summary>As JSON.</summary>
    public byte[] ToBytes() => MessageJson.ToBytes(this, PublishJson.Default.LogMessage);
}
