using System.Text.RegularExpressions;

namespace FaceLandmark.Tests.Docs;

/// <summary>Links of the README and the documentation that lead to files and headings of this repository.</summary>
public sealed partial class LinkTests
{
    // Folders of what is fetched and built.
    private static readonly string[] s_foreign = [".git", "assets", "bin", "build", "node_modules", "obj", "shared"];

    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading_that_are_there()
    {
        var pages = Pages(new DirectoryInfo(Repository.Root)).ToList();
        Assert.Contains(Path.Combine(Repository.Root, "docs", "integrations.md"), pages);
        var broken = pages.SelectMany(page =>
            Links()
                .Matches(Prose(page))
                .Select(link => link.Groups[1].Value)
                .Where(target => !target.Contains("://", StringComparison.Ordinal) && !Leads(page, target))
                .Select(target => $"{Path.GetRelativePath(Repository.Root, page)}: {target}")
        );
        Assert.Empty(broken);
    }

    private static bool Leads(string page, string target)
    {
        var parts = target.Split('#');
        var file = parts[0].Length == 0 ? page : Path.GetFullPath(parts[0], Path.GetDirectoryName(page)!);
        return parts.Length == 1
            ? Path.Exists(file)
            : File.Exists(file) && Headings().Matches(Prose(file)).Select(heading => Anchor(heading.Groups[1].Value)).Contains(parts[1]);
    }

    // As GitHub makes them: letters, digits, '-' and '_' stay, blanks become '-'.
    private static string Anchor(string heading) => NotInAnchors().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    private static IEnumerable<string> Pages(DirectoryInfo folder) =>
        folder
            .EnumerateFiles("*.md")
            .Select(file => file.FullName)
            .Concat(folder.EnumerateDirectories().Where(inner => !s_foreign.Contains(inner.Name)).SelectMany(Pages));

    // What stands in fenced blocks is neither link nor heading.
    private static string Prose(string page) => Fences().Replace(File.ReadAllText(page), "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\p{L}\p{N}\-_ ]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();
}
