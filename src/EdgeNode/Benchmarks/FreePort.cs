using System.Net;
using System.Net.Sockets;

namespace FaceLandmark.Benchmarks;

/// <summary>A port for a server that has to be told one.</summary>
internal static class FreePort
{
    /// <summary>A port of loopback that nobody has just now.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
