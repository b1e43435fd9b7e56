using System.Net;
using Microsoft.AspNetCore.Http;

namespace FaceLandmark.Web;

/// <summary>
/// Keeps foreign web pages out. A browser on this machine reaches loopback for any page it shows; what such a page cannot do is ask under a
/// name of this machine (a name of its own may be made to point here: DNS rebinding), or forge the origin that the browser sends with a
/// WebSocket.
/// </summary>
/// <param name="hosts">Further names, separated by commas.</param>
internal sealed class RequestGuard(string hosts)
{
    private readonly HashSet<string> _names = new(
        [.. hosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), "localhost", Environment.MachineName],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Whether a request asks under a name of this machine. An IP address cannot be made to point elsewhere.</summary>
    public bool Knows(HostString host) => host.HasValue && (_names.Contains(host.Host) || IPAddress.TryParse(host.Host, out _));

    /// <summary>Whether the page that opens a WebSocket came from here.</summary>
    /// <param name="origin">The header <c>Origin</c>; browsers always send it.</param>
    /// <param name="host">The header <c>Host</c>.</param>
    public static bool IsOwn(string? origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);
}
