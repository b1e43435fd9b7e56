using System.Text.RegularExpressions;

namespace FaceLandmark.Tests.Integrations;

/// <summary>
/// The fenced blocks of <c>docs/integrations.md</c>, by the name in the comment before each; a block of several commands or queries has one
/// a line.
/// </summary>
internal static partial class Snippets
{
    /// <summary>The whole page.</summary>
    public static string Page { get; } = File.ReadAllText(Path.Combine(Repository.Root, "docs", "integrations.md"));

    /// <summary>The names of the blocks that say that they are run, or that they are not; sorted.</summary>
    public static string[] Names(bool areRun) =>
        [
            .. Marked()
                .Matches(Page)
                .Where(block => block.Groups["run"].Value == (areRun ? "run" : "not run"))
                .Select(block => block.Groups["name"].Value)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The text of a block.</summary>
    public static string Of(string name) => Marked().Matches(Page).Single(block => block.Groups["name"].Value == name).Groups["text"].Value;

    /// <summary>Its lines.</summary>
    public static string[] LinesOf(string name) => Of(name).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Writes a block to a file of its name, the port that it names replaced by another.</summary>
    /// <returns>The path.</returns>
    public static async Task<string> WriteAsync(string name, string folder, int portThere, int port)
    {
        var text = Of(name);
        Assert.Contains($"{portThere}", text, StringComparison.Ordinal);
        var path = Path.Combine(folder, name);
        await File.WriteAllTextAsync(
            path,
            text.Replace($"{portThere}", $"{port}", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        return path;
    }

    [GeneratedRegex(
        @"<!-- (?<run>run|not run): (?<name>\S+) -->\n```\w+\n(?<text>.*?)^```$",
        RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Marked();
}
