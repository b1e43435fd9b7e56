namespace FaceLandmark.Configuration;

/// <summary>The file in which a node of this installation finds what its owner has set.</summary>
internal static class SettingsFile
{
    private const string Name = "appsettings.json";

    /// <summary>
    /// The file of the package, where the program is installed by it; otherwise that of the user, which may not be there yet; null for a
    /// user without a home.
    /// </summary>
    public static string? Path => OfPackage(AppContext.BaseDirectory) ?? OfUser();

    /// <summary>
    /// Whether the program is installed by the package, which leads the file beside the program to the one in <c>/etc</c>.
    /// </summary>
    public static bool IsOfPackage => OfPackage(AppContext.BaseDirectory) is not null;

    /// <summary>The user's file; null for a user without a home, and for a program that is installed by the package.</summary>
    public static string? PathOfUser => IsOfPackage ? null : OfUser();

    internal static string? OfPackage(string programFolder) =>
        new FileInfo(System.IO.Path.Combine(programFolder, Name)) is { LinkTarget: not null } link
            ? link.ResolveLinkTarget(returnFinalTarget: true)?.FullName
            : null;

    /// <summary><c>facelandmark/appsettings.json</c> in <c>XDG_CONFIG_HOME</c> or <c>~/.config</c>.</summary>
    internal static string? OfUser(Func<string, string?> environment)
    {
        if (environment("XDG_CONFIG_HOME") is { } settings && System.IO.Path.IsPathRooted(settings))
            return System.IO.Path.Combine(settings, "facelandmark", Name);
        return environment("HOME") is { } home && System.IO.Path.IsPathRooted(home)
            ? System.IO.Path.Combine(home, ".config", "facelandmark", Name)
            : null;
    }

    private static string? OfUser() => OfUser(Environment.GetEnvironmentVariable);
}
