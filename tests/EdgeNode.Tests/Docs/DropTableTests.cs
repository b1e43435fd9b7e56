using System.Reflection;
using FaceLandmark.Diagnostics;

namespace FaceLandmark.Tests.Docs;

public sealed class DropTableTests
{
    [Fact]
    public void Every_place_and_reason_of_drops_is_explained()
    {
        var page = Repository.Read("docs/mqtt.md");
        var table = page[page.IndexOf("| drops at |", StringComparison.Ordinal)..page.IndexOf("## `compare`", StringComparison.Ordinal)];
        var words = typeof(DropReason).GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => $"`{field.GetRawConstantValue()}`");
        Assert.All(words, word => Assert.Contains(word, table, StringComparison.Ordinal));
    }
}
