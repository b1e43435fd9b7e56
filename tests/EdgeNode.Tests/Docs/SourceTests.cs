using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FaceLandmark.Tests.Docs;

/// <summary>What holds for every file of C#, and no analyzer looks at.</summary>
public sealed class SourceTests
{
    private const int Columns = 140;

    [Fact]
    public void No_line_is_longer_than_140_columns()
    {
        var tooLong = Files("src", "tests")
            .SelectMany(file =>
                File.ReadLines(file)
                    .Select((line, index) => (Place: $"{Path.GetRelativePath(Repository.Root, file)}:{index + 1}", line.Length))
                    .Where(line => line.Length > Columns)
            )
            .Select(line => $"{line.Place} has {line.Length} columns")
            .ToList();
        Assert.True(tooLong.Count == 0, $"Break these lines at {Columns} columns:\n" + string.Join('\n', tooLong));
    }

    /// <summary>CS1591 asks it of public types only, and there are none.</summary>
    [Fact]
    public void Every_type_of_the_program_says_what_it_is()
    {
        var silent = Files("src")
            .SelectMany(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file).GetRoot().DescendantNodes())
            .OfType<MemberDeclarationSyntax>()
            .Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
            .Where(type => type.Parent is not TypeDeclarationSyntax)
            .GroupBy(type => (type as BaseTypeDeclarationSyntax)?.Identifier.Text ?? ((DelegateDeclarationSyntax)type).Identifier.Text)
            .Where(parts => !parts.Any(IsDocumented))
            .Select(parts => parts.Key)
            .ToList();
        Assert.True(silent.Count == 0, "These types have no summary: " + string.Join(", ", silent));
    }

    private static bool IsDocumented(SyntaxNode type) =>
        type.GetLeadingTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia));

    private static List<string> Files(params string[] folders)
    {
        var files = folders
            .SelectMany(folder =>
                Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            )
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .ToList();
        Assert.True(files.Count > 250);
        return files;
    }
}
