using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FaceLandmark.Tests.Docs;

/// <summary>
/// The order of the folders of <c>src/EdgeNode</c> in <c>docs/architecture.md</c> against what the source uses, as the compiler understands
/// it.
/// </summary>
public sealed partial class LayerTests
{
    private const string Usings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly string s_source = Path.Combine(Repository.Root, "src", "EdgeNode");

    [Fact]
    public void A_file_uses_its_own_folder_and_those_below()
    {
        var levels = Levels();
        var broken = Uses()
            .Where(use => levels.GetValueOrDefault(use.Target) >= levels.GetValueOrDefault(use.Folder))
            .Select(use => $"{use.File} uses {use.Type}, but {use.Target} is not below {use.Folder}.")
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.True(broken.Count == 0, "The order of docs/architecture.md is broken:\n" + string.Join('\n', broken));
    }

    [Fact]
    public void Every_folder_has_a_place_in_the_order()
    {
        var folders = Directory
            .GetDirectories(s_source)
            .Select(path => Path.GetFileName(path)!)
            .Where(name => name is not ("bin" or "obj" or "wwwroot"));
        Assert.Equal(folders.Order(StringComparer.Ordinal), Levels().Keys.Order(StringComparer.Ordinal));
    }

    private static Dictionary<string, int> Levels() =>
        Rows()
            .Matches(Repository.Read("docs/architecture.md"))
            .SelectMany(row =>
                Names()
                    .Matches(row.Groups[2].Value)
                    .Select(name => (Name: name.Groups[1].Value, Level: int.Parse(row.Groups[1].Value, null)))
            )
            .ToDictionary(folder => folder.Name, folder => folder.Level);

    /// <summary>Every mention of a type of another folder, comments included.</summary>
    private static IEnumerable<(string File, string Folder, string Type, string Target)> Uses()
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.Parse);
        var trees = Directory
            .EnumerateFiles(s_source, "*.cs", SearchOption.AllDirectories)
            .Where(path => FolderOf(path) is not ("bin" or "obj" or ""))
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), options, path))
            .ToList();
        Assert.True(trees.Count > 250);
        var libraries = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is not ("EdgeNode.dll" or "EdgeNode.Tests.dll"))
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "layers",
            [.. trees, CSharpSyntaxTree.ParseText(Usings, options)],
            libraries,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable
            )
        );
        foreach (var tree in trees)
        {
            var model = compilation.GetSemanticModel(tree);
            var (folder, file) = (FolderOf(tree.FilePath), Path.GetRelativePath(Repository.Root, tree.FilePath));
            foreach (var name in tree.GetRoot().DescendantNodes(descendIntoTrivia: true).OfType<SimpleNameSyntax>())
            {
                var symbol = model.GetSymbolInfo(name).Symbol;
                var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
                if (
                    type?.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.FilePath is { Length: > 0 } home
                    && FolderOf(home) != folder
                )
                    yield return (file, folder, type.ToDisplayString(), FolderOf(home));
            }
        }
    }

    private static string FolderOf(string path)
    {
        var parts = Path.GetRelativePath(s_source, path).Split(Path.DirectorySeparatorChar);
        return parts.Length == 1 ? "" : parts[0];
    }

    [GeneratedRegex(@"^\| (\d+) \| (.+?) \|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Names();
}
