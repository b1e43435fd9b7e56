using System.Text;

namespace FaceLandmark.Mqtt;

/// <summary>Sizes of MQTT packets.</summary>
internal static class PacketSize
{
    /// <summary>The largest packet of the protocol (MQTT 5, 2.1.4: remaining length of 268 435 455, and its own header).</summary>
    public const long ProtocolLimit = 268_435_460;

    // Fixed header 5, topic length 2, packet identifier 2, property length 4, payload format 2, content type 3, user property seq 5 + 3 +
    // 20.
    private const int Overhead = 48;

    // User property session: 5 + 7 + 32.
    private const int SessionBytes = 44;

    /// <summary>Upper bound for the bytes of a PUBLISH packet.</summary>
    public static long AtMost(string topic, int payload, string? contentType) =>
        (long)payload + Encoding.UTF8.GetByteCount(topic) + (contentType?.Length ?? 0) + Overhead;

    /// <summary>Upper bound for the bytes of the status.</summary>
    public static long Status(string topic) => AtMost(topic, NodeStatus.Offline.Length, null) + SessionBytes;
}
