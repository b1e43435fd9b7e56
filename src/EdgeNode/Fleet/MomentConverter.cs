using System.Text.Json;
using System.Text.Json.Serialization;
using FaceLandmark.Mqtt;

namespace FaceLandmark.Fleet;

/// <summary>Moments in messages: ISO 8601 in UTC with nine decimals of the second. For writing only.</summary>
internal sealed class MomentConverter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(MessageJson.ToIsoTime(value));
}
