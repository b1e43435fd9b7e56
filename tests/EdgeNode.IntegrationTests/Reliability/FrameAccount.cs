using System.Text.Json;

namespace FaceLandmark.Tests.Reliability;

/// <summary>The report of a run, held to its word: what was captured was published, or dropped and counted.</summary>
internal static class FrameAccount
{
    /// <summary>Fails unless something was published and nothing is missing.</summary>
    public static void IsWhole(JsonElement report)
    {
        var dropped = report.GetProperty("dropped").EnumerateObject().ToDictionary(place => place.Name, place => place.Value);
        var counted = ((string[])["gate", "infer"])
            .Where(dropped.ContainsKey)
            .Sum(place => dropped[place].EnumerateObject().Sum(reason => reason.Value.GetInt64()));
        Assert.True(report.GetProperty("published").GetInt64() > 0);
        Assert.Equal(
            report.GetProperty("captured").GetInt64(),
            report.GetProperty("published").GetInt64() + report.GetProperty("unpublished").GetInt64() + counted
        );
    }
}
