using FaceLandmark.Diagnostics;
using FaceLandmark.Platform;

namespace FaceLandmark.Tests.Docs;

public sealed class DropTableTests
{
    [Fact]
    public void Every_place_and_reason_of_drops_is_explained()
    {
        var page = Repository.Read("docs/mqtt.md");
        var table = page[page.IndexOf("| drops at |", StringComparison.Ordinal)..page.IndexOf("## `compare`", StringComparison.Ordinal)];
        var words = Enum.GetValues<DropPlace>()
            .Select(place => $"`{place.Word()}`")
            .Concat(Enum.GetValues<DropReason>().Select(reason => $"`{reason.Word()}`"));
        Assert.All(words, word => Assert.Contains(word, table, StringComparison.Ordinal));
    }
}
