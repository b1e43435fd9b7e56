namespace FaceLandmark.Tests;

/// <summary>The checkout that the tests run in.</summary>
internal static class Repository
{
    /// <summary>Its root.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file of it, whole.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FaceLandmark.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run within the repository.");
        return folder;
    }
}
