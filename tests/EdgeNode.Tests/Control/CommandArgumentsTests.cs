using System.Text.Json;
using FaceLandmark.Control;

namespace FaceLandmark.Tests.Control;

public sealed class CommandArgumentsTests
{
    [Fact]
    public void Fields_are_read_with_their_types()
    {
        var arguments = Of("""{"transaction":1,"text":"a","flag":true,"number":2.5,"whole":3,"choice":"stop","nothing":null}""");
        Assert.Equal(
            ("a", true, 2.5, 3, "stop"),
            (
                arguments.Text("text"),
                arguments.Flag("flag"),
                arguments.Number("number", 0, 5),
                arguments.Whole("whole", 0, 5),
                arguments.Choice("choice", "stop")
            )
        );
        Assert.Null(arguments.Text("nothing"));
        arguments.ThrowIfUnknown();
    }

    [Fact]
    public void A_command_without_payload_has_no_fields()
    {
        var arguments = new CommandArguments(default);
        Assert.Null(arguments.Flag("enabled"));
        arguments.ThrowIfUnknown();
    }

    [Fact]
    public void A_text_must_be_one() =>
        Assert.Equal("'x' must be a string.", Assert.Throws<CommandException>(() => Of("""{"x":1}""").Text("x")).Message);

    [Theory]
    [InlineData("\"true\"")]
    [InlineData("1")]
    public void A_flag_must_be_one(string value) =>
        Assert.Equal("'x' must be true or false.", Assert.Throws<CommandException>(() => Of($"{{\"x\":{value}}}").Flag("x")).Message);

    [Theory]
    [InlineData("0")]
    [InlineData("100.5")]
    [InlineData("1e400")]
    [InlineData("\"5\"")]
    public void A_number_must_be_within_its_range(string value) =>
        Assert.Equal(
            "'x' must be a number from 1 to 100.",
            Assert.Throws<CommandException>(() => Of($"{{\"x\":{value}}}").Number("x", 1, 100)).Message
        );

    [Fact]
    public void A_whole_number_has_no_fraction() =>
        Assert.Equal("'x' must be a whole number.", Assert.Throws<CommandException>(() => Of("""{"x":1.5}""").Whole("x", 1, 100)).Message);

    [Fact]
    public void A_choice_is_one_of_the_words() =>
        Assert.Equal(
            "'x' must be one of start, stop.",
            Assert.Throws<CommandException>(() => Of("""{"x":"Stop"}""").Choice("x", "start", "stop")).Message
        );

    private static CommandArguments Of(string json) => new(JsonDocument.Parse(json).RootElement);
}
