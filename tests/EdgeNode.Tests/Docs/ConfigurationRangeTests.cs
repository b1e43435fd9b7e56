using System.Globalization;
using System.Text.RegularExpressions;
using FaceLandmark.Configuration;

namespace FaceLandmark.Tests.Docs;

/// <summary>
/// The ranges of numbers and durations in <c>docs/configuration.md</c> and in the comments of the options, against what the program says
/// when a value is below all of them.
/// </summary>
public sealed partial class ConfigurationRangeTests
{
    private static readonly (string Key, Type Type, Type Section)[] s_settings = [.. Settings(typeof(EdgeNodeOptions), "")];

    public static TheoryData<string> Keys => [.. s_settings.Select(setting => setting.Key)];

    [Fact]
    public void The_settings_of_all_sections_are_looked_at() =>
        Assert.Superset(
            new HashSet<string> { "Node:DrainFor", "Cameras:0:Fps", "Engines:Tvm:Threads", "Preview:Rate", "Diagnostics:OtlpEvery" },
            s_settings.Select(setting => setting.Key).ToHashSet()
        );

    [Theory]
    [MemberData(nameof(Keys))]
    public void The_table_names_the_range_that_is_checked(string key)
    {
        var row = Row(Shown(key));
        Assert.True(row.Success, $"docs/configuration.md has no row for {Shown(key)}.");
        Assert.Equal(Checked(key), Range(row.Groups[1].Value));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void The_comment_names_the_range_that_is_checked(string key)
    {
        var (_, _, section) = s_settings.Single(setting => setting.Key == key);
        var file = Assert.Single(Directory.GetFiles(Source, section.Name + ".cs", SearchOption.AllDirectories));
        var name = key[(key.LastIndexOf(':') + 1)..];
        var comment = Regex.Match(File.ReadAllText(file), $@"((?: *///[^\n]*\n)+) *public \w+ {name} \{{").Groups[1].Value;
        var text = Regex.Replace(comment, @"\s*///\s*", " ");
        Assert.Equal(Checked(key), Range(Regex.Replace(text, @"not below <see cref=""(\w+)""/>, at most", "`$1` to")));
    }

    private static string Source => Path.Combine(Repository.Root, "src", "EdgeNode");

    private static IEnumerable<(string Key, Type Type, Type Section)> Settings(Type section, string prefix)
    {
        foreach (var property in section.GetProperties())
        {
            var (type, key) = (property.PropertyType, prefix + property.Name);
            if (type == typeof(int) || type == typeof(double) || type == typeof(TimeSpan))
                yield return (key, type, section);
            var inner = type.IsGenericType && property.Name == "Cameras" ? type.GetGenericArguments()[0] : type;
            if (inner.Namespace?.StartsWith(nameof(FaceLandmark), StringComparison.Ordinal) == true && inner.IsClass)
                foreach (var setting in Settings(inner, inner == type ? key + ":" : key + ":0:"))
                    yield return setting;
        }
    }

    /// <summary>What the program says about a value that is below every range.</summary>
    private static (double Least, double Most) Checked(string key)
    {
        var type = s_settings.Single(setting => setting.Key == key).Type;
        var sources = new ConfigurationSources(
            Settings: new Dictionary<string, string?> { [key] = type == typeof(TimeSpan) ? "-1h" : "-1000" }
        );
        var errors = Assert.Throws<ConfigurationException>(() => sources.Load()).Errors;
        return Range(Assert.Single(errors, error => error.StartsWith(key + " is ", StringComparison.Ordinal)));
    }

    // The last one: other numbers may stand before it.
    private static (double Least, double Most) Range(string text)
    {
        var range = Ranges().Matches(text).LastOrDefault();
        Assert.True(range is not null, $"This names no range: {text}");
        return (Value(range.Groups[1].Value), Value(range.Groups[2].Value));
    }

    private static double Value(string text) =>
        text.StartsWith('`') ? Default(text.Trim('`'))
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : OptionsTree.ToDuration(text)!.Value.TotalSeconds;

    // A range that begins at another setting begins at its default here.
    private static double Default(string name)
    {
        var defaults = OptionsTree.Flatten(new EdgeNodeOptions { Cameras = [new()] });
        return Value(defaults.Single(setting => setting.Key.EndsWith(":" + name, StringComparison.Ordinal)).Value);
    }

    private static string Shown(string key) => key.Replace("Cameras:0:", "", StringComparison.Ordinal);

    private static Match Row(string key) =>
        Regex.Match(
            Repository.Read("docs/configuration.md"),
            $@"^\|(?: `[\w:]+`,)* `{key}`(?:, `[\w:]+`)* \| [^|]+ \|([^|]*)\|",
            RegexOptions.Multiline
        );

    [GeneratedRegex(@"(`\w+`|[\d.]+(?: (?:ms|s|min|h))?)(?: to |, | or )([\d.]+(?: (?:ms|s|min|h)\b)?)")]
    private static partial Regex Ranges();
}
