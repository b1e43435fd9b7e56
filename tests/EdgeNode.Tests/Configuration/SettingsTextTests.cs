using System.Text;
using System.Text.Json;
using FaceLandmark.Configuration;
using Microsoft.Extensions.Configuration;

namespace FaceLandmark.Tests.Configuration;

public sealed class SettingsTextTests
{
    [Theory]
    [InlineData("", "Node:Name", "{\n  \"Node\": {\n    \"Name\": 7\n  }\n}\n")]
    [InlineData("{}", "Node:Name", "{\n  \"Node\": {\n    \"Name\": 7\n  }\n}")]
    [InlineData("{ // mine\n}\n", "A", "{ // mine\n  \"A\": 7\n}\n")]
    [InlineData("{ \"a\": 1 } // end", "A", "{ \"a\": 7 } // end")]
    [InlineData("{ \"a\": 1 }", "B", "{ \"a\": 1, \"B\": 7 }")]
    [InlineData("{ \"a\": 1, }", "B", "{ \"a\": 1, \"B\": 7 }")]
    [InlineData("{\n\t\"a\": 1 // one, or more\n}", "B", "{\n\t\"a\": 1, // one, or more\n\t\"B\": 7\n}")]
    [InlineData("{\n  \"a\": 1, /* , */\n  // more\n}", "B", "{\n  \"a\": 1, /* , */\n  // more\n  \"B\": 7\n}")]
    [InlineData("{\n  \"a\": 1 /* , */\n}", "B", "{\n  \"a\": 1, /* , */\n  \"B\": 7\n}")]
    [InlineData("{ \"Mqtt:Host\": \"x\" }", "Mqtt:Host", "{ \"Mqtt:Host\": 7 }")]
    [InlineData("{ \"Mqtt\": { \"Port\": 1 }, \"Mqtt:Tls\": { } }", "Mqtt:Tls:Enabled", null)]
    [InlineData("{ \"Cameras\": [ { \"Source\": \"a\" }, { \"Source\": \"b\" } ] }", "Cameras:0:Source", null)]
    [InlineData("{\n  \"Cameras\": []\n}", "Cameras:0:Source", null)]
    [InlineData("{ \"Cameras\": null }", "Cameras:0:Source", null)]
    [InlineData("{ \"Bü\": \"ß\", \"Node\": { \"Name\": \"ü\" } }", "node:NAME", "{ \"Bü\": \"ß\", \"Node\": { \"Name\": 7 } }")]
    public void A_value_is_put_in_and_the_rest_stays(string text, string key, string? expected)
    {
        var settings = new SettingsText(text);
        settings.Set(key, "7");
        if (expected is not null)
            Assert.Equal(expected, settings.Text);

        // Read as a node reads it: the value is there, and every other one is as it was.
        var (before, after) = (Read(text.Length == 0 ? "{}" : text), Read(settings.Text));
        Assert.Equal("7", after[key]);
        foreach (var (name, value) in before.Where(setting => !key.StartsWith(setting.Key, StringComparison.OrdinalIgnoreCase)))
            Assert.Equal(value, after[name]);
    }

    [Fact]
    public void The_packages_file_keeps_its_comments_and_its_order()
    {
        var text = Repository.Read("deploy/debian/appsettings.json");
        var settings = new SettingsText(text);
        settings.Set("Node:Name", SettingsText.Quoted("Büro \"1\""));
        settings.Set("Mqtt:Port", "8883");
        settings.Set("Privacy:Preview", "\"blur\"");
        var (before, after) = (text.Split('\n'), settings.Text.Split('\n'));
        Assert.Equal("    \"Name\": \"Büro \\\"1\\\"\" // name in topics; empty: the host's name", after[5]);
        Assert.Equal(3, before.Zip(after).TakeWhile(lines => lines.First != "}").Count(lines => lines.First != lines.Second));
        Assert.Equal(["  },", "  \"Privacy\": {", "    \"Preview\": \"blur\"", "  }", "}", ""], after[^6..]);
        var read = Read(settings.Text);
        Assert.Equal(("Büro \"1\"", "8883", "blur"), (read["Node:Name"], read["Mqtt:Port"], read["Privacy:Preview"]));
    }

    [Theory]
    [InlineData("{ \"a\": ")]
    [InlineData("{} {}")]
    public void What_is_not_JSON_stays(string text) => Assert.ThrowsAny<JsonException>(() => new SettingsText(text).Set("A", "1"));

    private static Dictionary<string, string?> Read(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return new(
            new ConfigurationBuilder().AddJsonStream(stream).Build().AsEnumerable().Where(setting => setting.Value is not null),
            StringComparer.OrdinalIgnoreCase
        );
    }
}
