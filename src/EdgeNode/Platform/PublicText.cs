using System.Text.RegularExpressions;

namespace FaceLandmark.Platform;

/// <summary>Text as it may be shown to anybody.</summary>
internal static partial class PublicText
{
    /// <summary>
    /// A URL without user, password and query, where cameras take them (<see cref="Address"/>); a path without its query (that of a
    /// WebSocket); any other text as it is.
    /// </summary>
    public static string WithoutSecrets(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
            return Address(text).Replace("://***@", "://", StringComparison.Ordinal).Replace("?***", "", StringComparison.Ordinal);
        return text.StartsWith('/') && text.IndexOf('?', StringComparison.Ordinal) is > 0 and var query ? text[..query] + "?..." : text;
    }

    /// <summary>
    /// An address with <c>***</c> in place of user and password, of the query, which often carries a token, and of what some cameras take
    /// in the path (<see cref="InPath"/>); anything else as it is. A password with an unescaped slash is recognised by the @ behind it:
    /// rather too much is hidden than too little.
    /// </summary>
    public static string Address(string source)
    {
        var start = source.IndexOf("://", StringComparison.Ordinal) + 3;
        if (start < 3)
            return source;
        var end = source.IndexOfAny(['/', '?', '#'], start);
        var authority = end < 0 ? source[start..] : source[start..end];
        var at = -1;
        if (authority.Contains('@', StringComparison.Ordinal))
            at = start + authority.LastIndexOf('@');
        else if (HasOddPort(authority))
            at = source.LastIndexOf('@');
        else if (
            end >= 0
            && authority.Contains(':', StringComparison.Ordinal)
            && RestOfPassword().Match(source, end) is { Success: true } rest
        )
            at = rest.Index + rest.Length - 1;

        var shown = at < 0 ? source[start..] : source[(at + 1)..];
        var query = shown.IndexOfAny(['?', '#']);
        var (place, more) = query < 0 ? (shown, "") : (shown[..query], shown[query] + "***");
        var path = place.IndexOf('/', StringComparison.Ordinal);
        return $"{source[..start]}{(at < 0 ? "" : "***@")}{(path < 0 ? place : place[..path] + InPath(place[path..]))}{more}";
    }

    /// <summary>
    /// The path of a URL with <c>***</c> in place of what some cameras take there: <c>/user=admin&amp;password=X&amp;channel=1</c>, the
    /// same with underscores between, and <c>/user:password@stream</c>.
    /// </summary>
    public static string InPath(string path) => Account().Replace(Named().Replace(path, "***"), "***@");

    /// <summary>Text from a setting, fit for one line.</summary>
    public static string Shown(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));

    private static bool HasOddPort(string authority)
    {
        var colon = authority.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && !authority.StartsWith('[') && !authority[(colon + 1)..].All(char.IsAsciiDigit);
    }

    // Digits before a slash look like a port. What follows up to an @, without a colon, is the rest of the password; "/@name" is none.
    [GeneratedRegex("\\G/[^@:?#]*[^@:?#/]@", RegexOptions.CultureInvariant)]
    private static partial Regex RestOfPassword();

    // A value ends at the next name, also where it holds a slash.
    [GeneratedRegex(
        "(?<=(?:^|[/&;,_])(?:user(?:name)?|usr|login|account|pass(?:word|wd)?|pwd|pw|psw|token|key|auth|secret|apikey|session|sid)=)"
            + "(?:[^&;,#]*?(?=[&;][a-z]+=)|[^/&;,#]*?(?=[/&;,#]|_[a-z]+=|$))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Named();

    [GeneratedRegex("[^/@:]+(?::|%3A)[^/@]*(?:@|%40)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Account();
}
