using System.Net;
using System.Net.Sockets;

namespace FaceLandmark.Tests.Programs;

/// <summary>Ports for programs that have to be told one.</summary>
internal static class Ports
{
    // Bound, and not listening, until the tests end: the system gives such a port to nobody who asks for any, neither to listen nor to
    // connect from, while a program that names it can listen there (both have SO_REUSEADDR, which .NET sets for every socket of TCP).
    private static readonly List<Socket> s_taken = [];

    /// <summary>A port of loopback that the system chose, and will choose for nobody else.</summary>
    public static int Free()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        lock (s_taken)
            s_taken.Add(socket);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
