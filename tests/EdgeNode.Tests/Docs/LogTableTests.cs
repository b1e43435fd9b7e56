using System.Reflection;
using System.Text.RegularExpressions;
using FaceLandmark.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Tests.Docs;

/// <summary>The tables of log lines in <c>docs/operations.md</c> against the program.</summary>
public sealed partial class LogTableTests
{
    private static readonly List<LoggerMessageAttribute> s_lines =
    [
        .. typeof(Node)
            .Assembly.GetTypes()
            .SelectMany(type =>
                type.GetMethods(
                    BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly
                )
            )
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>(),
    ];

    [Fact]
    public void Every_log_line_stands_in_the_tables_word_for_word_and_none_that_does_not_exist()
    {
        var program = s_lines.Select(line => $"| {line.EventId} | {line.Level.ToString().ToLowerInvariant()} | {line.Message} |").ToList();
        var tables = Rows().Matches(Repository.Read("docs/operations.md")).Select(row => row.Groups[1].Value).ToList();
        List<string> missing = [.. program.Except(tables)],
            stale = [.. tables.Except(program)];
        Assert.True(missing.Count == 0, "docs/operations.md lacks these lines, or has them in other words:\n" + string.Join('\n', missing));
        Assert.True(stale.Count == 0, "docs/operations.md has lines that the program has not:\n" + string.Join('\n', stale));
        Assert.Equal(program.Count, tables.Count);
    }

    [Fact]
    public void No_two_log_lines_have_the_same_number()
    {
        Assert.True(s_lines.Count > 40);
        Assert.Empty(s_lines.GroupBy(line => line.EventId).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [GeneratedRegex(@"^(\| \d{3} \| [a-z]+ \| .+? \|) [^|]+ \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
