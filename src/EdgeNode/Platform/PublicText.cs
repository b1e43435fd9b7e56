namespace FaceLandmark.Platform;

/// <summary>Text as it may be shown to anybody.</summary>
internal static class PublicText
{
    /// <summary>A URL without user, password and query, where cameras take them; a path without its query (that of a WebSocket); any other text as it is.</summary>
    public static string WithoutSecrets(string text)
    {
        var separator = text.IndexOf("://", StringComparison.Ordinal);
        if (separator < 0)
            return text.StartsWith('/') && text.IndexOf('?', StringComparison.Ordinal) is > 0 and var query ? text[..query] + "?..." : text;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
            return text[..separator] + "://..."; // what can't be read can't be cleaned
        return url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
    }
}
