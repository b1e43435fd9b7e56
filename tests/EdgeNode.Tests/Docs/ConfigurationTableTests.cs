using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace FaceLandmark.Tests.Docs;

/// <summary>
/// The tables of settings in <c>docs/configuration.md</c> against <c>appsettings.json</c>, which another test compares with the program.
/// </summary>
public sealed partial class ConfigurationTableTests
{
    [Fact]
    public void Every_setting_stands_in_the_tables_with_its_default_and_no_other()
    {
        var settings = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(Repository.Root, "appsettings.json"))
            .Build()
            .AsEnumerable()
            .Where(setting => setting.Value is not null)
            .Select(setting => (Key: setting.Key.Replace("Cameras:0:", "", StringComparison.Ordinal), Default: setting.Value!));
        var rows = Rows()
            .Matches(Repository.Read("docs/configuration.md"))
            .SelectMany(row =>
                Keys()
                    .Matches(row.Groups[1].Value)
                    .Select((key, index) => (Key: key.Groups[1].Value, Default: row.Groups[2].Value.Split(", ")[index]))
            );
        Assert.Equal(
            settings.Select(Line).Order(StringComparer.OrdinalIgnoreCase),
            rows.Select(Line).Order(StringComparer.OrdinalIgnoreCase)
        );
    }

    // Where the default is told in words, the words are not compared.
    private static string Line((string Key, string Default) setting) =>
        (setting.Key, setting.Default) switch
        {
            ("Node:Name" or "Locate:Detector" or "Mqtt:ClientId" or "Mqtt:Tls:ServerName", _) => setting.Key,
            (_, "" or "empty") => setting.Key + " empty",
            _ => $"{setting.Key} {setting.Default.Trim('`').ToLowerInvariant()}",
        };

    [GeneratedRegex(@"^\| (`[A-Z][^|]+) \| ([^|]+) \|[^|]*\| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Keys();
}
