using System.Buffers.Binary;
using System.Text;

namespace FaceLandmark.Tests.Fleet;

/// <summary>Packets of MQTT 3.1.1 as bytes, made once and sent often.</summary>
internal static class RawPackets
{
    /// <summary>First byte of a PUBLISH of quality of service 0.</summary>
    public const byte Publish = 0x30;

    private const byte ConnectPacket = 0x10;
    private const byte SubscribePacket = 0x82;
    private const byte Retained = 0x01;
    private const byte Acknowledged = 0x02;

    /// <summary>CONNECT with a clean session and, where it has a topic, a retained last will of quality of service 1.</summary>
    public static byte[] Connect(string client, string willTopic = "", string will = "")
    {
        const byte Clean = 0x02;
        const byte WholeWill = 0x04 | 0x08 | 0x20;
        const int KeepAliveSeconds = 300;
        var body = new List<byte>();
        Add(body, "MQTT"u8);
        body.AddRange([4, willTopic.Length > 0 ? (byte)(Clean | WholeWill) : Clean]);
        Add(body, KeepAliveSeconds);
        Add(body, Encoding.UTF8.GetBytes(client));
        if (willTopic.Length > 0)
        {
            Add(body, Encoding.UTF8.GetBytes(willTopic));
            Add(body, Encoding.UTF8.GetBytes(will));
        }

        return Packet(ConnectPacket, body);
    }

    /// <summary>PUBLISH of quality of service 0.</summary>
    public static byte[] Message(string topic, ReadOnlySpan<byte> payload)
    {
        var body = new List<byte>();
        Add(body, Encoding.UTF8.GetBytes(topic));
        body.AddRange(payload);
        return Packet(Publish, body);
    }

    /// <summary>PUBLISH of quality of service 1, retained.</summary>
    public static byte[] State(string topic, string text, ushort number)
    {
        var body = new List<byte>();
        Add(body, Encoding.UTF8.GetBytes(topic));
        Add(body, number);
        body.AddRange(Encoding.UTF8.GetBytes(text));
        return Packet(Publish | Acknowledged | Retained, body);
    }

    /// <summary>SUBSCRIBE with quality of service 0.</summary>
    public static byte[] Subscribe(string filter)
    {
        var body = new List<byte>();
        Add(body, 1);
        Add(body, Encoding.UTF8.GetBytes(filter));
        body.Add(0);
        return Packet(SubscribePacket, body);
    }

    private static void Add(List<byte> body, ReadOnlySpan<byte> text)
    {
        Add(body, (ushort)text.Length);
        body.AddRange(text);
    }

    private static void Add(List<byte> body, ushort number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, number);
        body.AddRange(bytes);
    }

    private static byte[] Packet(byte first, List<byte> body)
    {
        var packet = new List<byte> { first };
        for (var left = body.Count; ;)
        {
            var digit = (byte)(left % 128);
            left /= 128;
            packet.Add(left > 0 ? (byte)(digit | 128) : digit);
            if (left == 0)
                break;
        }

        packet.AddRange(body);
        return [.. packet];
    }
}
