using FaceLandmark.Platform;

namespace FaceLandmark.Capture;

/// <summary>Addresses as they may be shown to people.</summary>
internal static class SourceName
{
    /// <summary>
    /// An address with <c>***</c> in place of user and password, and of the query, which often carries a token; anything else as it is.
    /// A password with an unescaped slash is recognised by what stands where a port number should.
    /// </summary>
    public static string WithoutPassword(string source)
    {
        var start = source.IndexOf("://", StringComparison.Ordinal) + 3;
        if (start < 3)
            return source;
        var end = source.IndexOfAny(['/', '?', '#'], start);
        var authority = end < 0 ? source[start..] : source[start..end];
        var at = source.LastIndexOf('@');
        if (authority.Contains('@', StringComparison.Ordinal))
            at = start + authority.LastIndexOf('@');
        else if (at >= 0 && !HasOddPort(authority))
            at = -1;
        var rest = at < 0 ? source[start..] : source[(at + 1)..];
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        var shown = query < 0 ? rest : rest[..query];
        var path = shown.IndexOf('/', StringComparison.Ordinal);
        if (path >= 0)
            shown = shown[..path] + PublicText.InPath(shown[path..]);
        return $"{source[..start]}{(at < 0 ? "" : "***@")}{shown}{(query < 0 ? "" : "?***")}";
    }

    private static bool HasOddPort(string authority)
    {
        var colon = authority.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && !authority.StartsWith('[') && !authority[(colon + 1)..].All(char.IsAsciiDigit);
    }
}
