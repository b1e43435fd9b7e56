using System.Text.Json.Serialization;

namespace FaceLandmark.Soak;

/// <summary>What a soak says of memory.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MemoryJudgement>))]
internal enum MemoryJudgement
{
    /// <summary>The run was too short, or ended before its time.</summary>
    [JsonStringEnumMemberName("notJudged")]
    NotJudged,

    /// <summary>It does not grow by more than the limit, with certainty.</summary>
    [JsonStringEnumMemberName("steady")]
    Steady,

    /// <summary>It comes and goes by so much that this run cannot tell; a longer one can.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>It grows by more than the limit, and certainly grows.</summary>
    [JsonStringEnumMemberName("grows")]
    Grows,
}
