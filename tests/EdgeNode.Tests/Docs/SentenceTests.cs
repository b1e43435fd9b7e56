using System.Text.RegularExpressions;

namespace FaceLandmark.Tests.Docs;

/// <summary>
/// What can be checked of the language without a reader: documents, log lines, errors, comments, pages and scripts are formal, and do
/// without some turns of phrase that a native reader stumbles over.
/// </summary>
public sealed partial class SentenceTests
{
    private static readonly string[] s_places = ["deploy", "docs", "models", "mosquitto", "node-red", "scripts", "src"];

    private static readonly string[] s_endings = [".c", ".conf", ".cpp", ".cs", ".h", ".html", ".js", ".md", ".py", ".sh", "flows.json"];

    [Fact]
    public void No_sentence_has_a_contraction_or_a_turn_of_phrase_that_people_stumble_over()
    {
        var files = s_places
            .SelectMany(place => Directory.EnumerateFiles(Path.Combine(Repository.Root, place), "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.Root).Where(file => Path.GetExtension(file) is ".md" or ".sh"))
            .Where(file => s_endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules" or "user"))
            .ToList();
        Assert.True(files.Count > 400, $"Only {files.Count} files were found.");
        var found = files
            .SelectMany(file =>
                File.ReadLines(file)
                    .SelectMany((line, index) => Unwanted().Matches(line).Select(match => (Line: index + 1, match.Value)))
                    .Select(match => $"{Path.GetRelativePath(Repository.Root, file)}:{match.Line}: '{match.Value}'")
            )
            .ToList();
        Assert.True(found.Count == 0, "Say these in plain words (cannot, does not; docs/glossary.md):\n" + string.Join('\n', found));
    }

    [Theory]
    [InlineData("It can't be read.", "n't")]
    [InlineData("It doesn’t answer.", "n’t")]
    [InlineData("The node is told of it.", "is told")]
    [InlineData("For whoever looks.", "whoever")]
    [InlineData("A broker of yours.", "of yours")]
    public void Unwanted_words_are_found(string sentence, string word) => Assert.Equal(word, Unwanted().Match(sentence).Value);

    [Theory]
    [InlineData("The node's broker cannot listen on port 1883.")]
    [InlineData("echo 'don' t")]
    public void Plain_sentences_pass(string sentence) => Assert.DoesNotMatch(Unwanted(), sentence);

    [GeneratedRegex(
        @"n['’]t\b|\b(?:it|that|there|what|let|here|who)['’]s\b|\b(?:we|you|they|i)['’](?:re|ve|ll|d|m)\b"
            + @"|\b(?:is|are|was|were) (?:told|said)\b|\btold (?:of|to)\b|\btells? them\b|\bwhoever\b|\banew\b|\bof yours\b|\bcame by\b"
            + @"|\blistened (?:to|at)\b|\bspoken to\b|\bknows no better\b|\bhas not the\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Unwanted();
}
