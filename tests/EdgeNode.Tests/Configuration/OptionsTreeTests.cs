using FaceLandmark.Configuration;

namespace FaceLandmark.Tests.Configuration;

public sealed class OptionsTreeTests
{
    [Theory]
    [InlineData("5s", 5_000)]
    [InlineData("500ms", 500)]
    [InlineData("2min", 120_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("00:00:05", 5_000)]
    public void Durations_have_units(string text, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), OptionsTree.ToDuration(text));

    [Theory]
    [InlineData("5")]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("five s")]
    [InlineData("1e99h")]
    [InlineData("12:34:56:78:90")]
    public void A_duration_without_unit_or_sense_is_none(string text) => Assert.Null(OptionsTree.ToDuration(text));

    [Theory]
    [InlineData("Mqtt:Prot", "1", "Mqtt:Prot is not a setting: Mqtt has Host, Port, ")]
    [InlineData("Mqt:Port", "1", "Mqt:Port is not a setting: the sections are Node, Cameras, Pictures, Locate, ")]
    [InlineData("Mqtt", "1", "Mqtt is not a setting: Mqtt has Host, Port, ")]
    [InlineData("Mqtt:Port:Deeper", "1", "Mqtt:Port:Deeper is not a setting: Mqtt:Port is a single value.")]
    [InlineData(
        "Cameras:first:Name",
        "a",
        "Cameras:first:Name is not a setting: Cameras is a list: its entries are Cameras:0, Cameras:1, ..."
    )]
    [InlineData("Cameras:0:Controls", "1", "Cameras:0:Controls is not a setting: Cameras:0:Controls has names: ")]
    [InlineData("Cameras:0:Controls:a:b", "1", "Cameras:0:Controls:a:b is not a setting: Cameras:0:Controls:a is a single value.")]
    [InlineData("Mqtt:Port", "many", "Mqtt:Port is 'many', but must be a whole number.")]
    [InlineData("Locate:MinScore", "NaN", "Locate:MinScore is 'NaN', but must be a number.")]
    [InlineData("Preview:Enabled", "maybe", "Preview:Enabled is 'maybe', but must be auto, true or false.")]
    [InlineData("Preview:Overlay", "auto", "Preview:Overlay is 'auto', but must be true or false.")]
    [InlineData("Locate:Mode", "guess", "Locate:Mode is 'guess', but must be one of Track, Detect, FullFrame.")]
    [InlineData("Node:DrainFor", "soon", "Node:DrainFor is 'soon', but must be a duration such as 500ms, 5s, 2min or 00:00:05.")]
    public void A_wrong_setting_gets_a_sentence_that_names_it(string key, string value, string sentence)
    {
        var errors = new List<string>();
        OptionsTree.Normalise([KeyValuePair.Create<string, string?>(key, value)], errors);
        Assert.StartsWith(sentence, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Locate:Mode", "full-frame", "FullFrame")]
    [InlineData("locate:mode", "TRACK", "Track")]
    [InlineData("Cameras:3:StallAfter", "1.5s", "00:00:01.5000000")]
    [InlineData("Preview:Enabled", "True", "true")]
    [InlineData("Preview:Enabled", "AUTO", "")]
    [InlineData("Preview:Overlay", "False", "false")]
    public void Values_are_written_the_way_the_binder_reads_them(string key, string value, string written)
    {
        var errors = new List<string>();
        var settings = OptionsTree.Normalise([KeyValuePair.Create<string, string?>(key, value)], errors);
        Assert.Empty(errors);
        Assert.Equal(written, settings[key]);
    }
}
