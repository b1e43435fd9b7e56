using System.Text.RegularExpressions;

namespace FaceLandmark.Platform;

/// <summary>Text as it may be shown to anybody.</summary>
internal static partial class PublicText
{
    /// <summary>
    /// A URL without user, password and query, where cameras take them; a path without its query (that of a WebSocket); any other text as
    /// it is.
    /// </summary>
    public static string WithoutSecrets(string text)
    {
        var separator = text.IndexOf("://", StringComparison.Ordinal);
        if (separator < 0)
            return text.StartsWith('/') && text.IndexOf('?', StringComparison.Ordinal) is > 0 and var query ? text[..query] + "?..." : text;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
            return text[..separator] + "://..."; // what can't be read can't be cleaned
        return url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + InPath(url.GetComponents(UriComponents.Path | UriComponents.KeepDelimiter, UriFormat.UriEscaped));
    }

    /// <summary>
    /// The path of a URL with <c>***</c> in place of what some cameras take there: <c>/user=admin&amp;password=X&amp;channel=1</c>, the
    /// same with underscores between, and <c>/user:password@stream</c>.
    /// </summary>
    public static string InPath(string path) => Account().Replace(Named().Replace(path, "***"), "***@");

    [GeneratedRegex("(?<=(?:^|[/&;,_])(?:user(?:name)?|usr|login|account|pass(?:word|wd)?|pwd|pw|psw|token|key|auth|secret)=)[^/&;,#]*?(?=[/&;,#]|_[a-z]+=|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    [GeneratedRegex("[^/@:]+(?::|%3A)[^/@]*(?:@|%40)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Account();
}
