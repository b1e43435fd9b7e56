using System.Text.RegularExpressions;

namespace FaceLandmark.Tests.Docs;

/// <summary>Tests that pages of the documentation name as proof are there, and run with their category.</summary>
public sealed partial class NamedTestTests
{
    [Theory]
    [InlineData("docs/reliability.md", 30, "[Trait(\"Category\", ")]
    [InlineData("docs/security.md", 30, "")]
    public void Every_test_that_a_page_names_is_there(string page, int atLeast, string mark)
    {
        var text = Repository.Read(page);
        var named = Names().Matches(text).Select(name => (Class: name.Groups[1].Value, Test: name.Groups[2].Value)).Distinct().ToList();
        var wrong = named.Where(name => !IsThere(name.Class, name.Test, mark)).Select(name => $"{name.Class}.{name.Test}").ToList();
        wrong.AddRange(
            Scripts()
                .Matches(text)
                .Where(name => !IsInScript(Repository.Read($"tests/shell/{name.Groups[1].Value}"), name.Groups[2].Value))
                .Select(name => name.Value)
        );
        Assert.True(named.Count >= atLeast);
        Assert.True(wrong.Count == 0, $"{page} names tests that are not there or are not marked:\n" + string.Join('\n', wrong));
    }

    private static bool IsInScript(string script, string test) => script.Contains($"\n{test}() {{", StringComparison.Ordinal);

    private static bool IsThere(string type, string test, string mark)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), $"{type}.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            var method = Regex.Match(text, $@"public (async )?(Task|void) {Regex.Escape(test)}\(");
            if (!method.Success)
                continue;
            var begin = Math.Max(
                text.LastIndexOf("[Fact", method.Index, StringComparison.Ordinal),
                text.LastIndexOf("[Theory", method.Index, StringComparison.Ordinal)
            );
            var attributes = text[begin..method.Index];
            var ofClass = text[..text.IndexOf("public sealed", StringComparison.Ordinal)];
            return attributes.Contains(mark, StringComparison.Ordinal) || ofClass.Contains(mark, StringComparison.Ordinal);
        }

        return false;
    }

    [GeneratedRegex("`([a-z0-9_]+_test\\.sh):([a-z_]+)`")]
    private static partial Regex Scripts();

    [GeneratedRegex(@"`([A-Za-z0-9]+Tests)\.([A-Za-z0-9_]+)`")]
    private static partial Regex Names();
}
