using System.Globalization;
using System.Net;

namespace FaceLandmark.Mqtt;

/// <summary>What people write for the broker's name.</summary>
internal static class BrokerAddress
{
    /// <summary>Says how to write what is no name or address: a URL, or one with its port. Never repeats a password.</summary>
    /// <returns>A sentence; null when there is nothing to say.</returns>
    public static string? Advice(string host)
    {
        // TryParse takes an address with a port, too.
        if (host.Length == 0 || (IPAddress.TryParse(host, out _) && !host.Contains("]:", StringComparison.Ordinal)))
            return null;
        var scheme = host.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? host : host[(scheme + 3)..];
        var account = rest.LastIndexOf('@');
        var place = rest[(account + 1)..];
        var pathAt = place.IndexOfAny(['/', '?', '#']);
        var (authority, path) = pathAt < 0 ? (place, "") : (place[..pathAt], place[pathAt..]);
        var (name, port) = Split(authority);
        if (scheme < 0 && account < 0 && path.Length == 0 && port is null)
            return name.Length == 0 || name.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter) || letter == ':')
                ? "Mqtt:Host must be the name or address of the broker."
                : null;

        List<string> settings = [$"Mqtt:Host={name}"];
        if (port is not null)
            settings.Add($"Mqtt:Port={(IsPort(port, out var number) ? number : 1883)}");
        var kind = scheme < 0 ? "" : host[..scheme].ToLowerInvariant();
        if (kind is "mqtts" or "ssl" or "tls" or "wss" or "https")
            settings.Add("Mqtt:Tls:Enabled=true");
        if (kind is "ws" or "wss" or "http" or "https")
        {
            var isPlain = path.Length > 1 && !path.Contains('?', StringComparison.Ordinal); // a query may hold a secret
            settings.Add($"Mqtt:Transport=web-socket with Mqtt:WebSocketPath{(isPlain ? $"={path}" : "")}");
        }

        if (account >= 0)
            settings.Add("the account as Mqtt:User and Mqtt:PasswordFile");
        var what =
            scheme >= 0 ? "is a URL"
            : account >= 0 ? "holds an account"
            : path.Length > 0 ? "holds a path"
            : "holds a port";
        return $"Mqtt:Host {what}, but must be the name or address of the broker alone: set {string.Join(", ", settings)}.";
    }

    /// <summary>Reads several addresses.</summary>
    /// <param name="text">Names or addresses, separated by commas, each with a port behind a colon where it has its own.</param>
    /// <param name="port">The port of the others.</param>
    /// <returns>Null when one of them is none.</returns>
    public static IReadOnlyList<(string Host, int Port)>? List(string text, int port)
    {
        var places = new List<(string Host, int Port)>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, digits) = Split(part);
            var own = port;
            if (name.Length == 0 || Advice(name) is not null || (digits is not null && !IsPort(digits, out own)))
                return null;
            places.Add((name, own));
        }

        return places;
    }

    // [::1]:1883, broker:1883; an IPv6 address without brackets has no port.
    private static (string Name, string? Port) Split(string authority)
    {
        var colon = authority.LastIndexOf(':');
        if (authority.StartsWith('[') && authority.IndexOf(']') is > 0 and var end)
            return (authority[1..end], colon > end ? authority[(colon + 1)..] : null);
        return colon < 0 || authority.IndexOf(':') != colon ? (authority, null) : (authority[..colon], authority[(colon + 1)..]);
    }

    private static bool IsPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= ushort.MaxValue;
}
