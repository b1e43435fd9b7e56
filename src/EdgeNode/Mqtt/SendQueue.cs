namespace FaceLandmark.Mqtt;

/// <summary>
/// Messages that wait for the connection: a lane for each kind and quality of service, so that none waits behind another's receipts; each
/// lane keeps its order and is bounded, the oldest goes first. Open only while there is a connection. Thread-safe.
/// </summary>
/// <param name="length">Messages of a lane at most; of previews no more than <see cref="PreviewsAtMost"/>, as a picture that waited is
/// worth little.</param>
/// <param name="overflow">Called with what goes because a lane is full; must not wait.</param>
internal sealed class SendQueue(int length, Action<OutboundMessage> overflow)
{
    /// <summary>Previews that wait at most.</summary>
    public const int PreviewsAtMost = 32;

    /// <summary>How many lanes there are.</summary>
    public static readonly int Lanes = 2 * Enum.GetValues<MessageClass>().Length;

    private readonly Lock _lock = new();
    private readonly Queue<OutboundMessage>[] _lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new Queue<OutboundMessage>())];
    private bool _isOpen;

    /// <summary>Messages that wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _lanes.Sum(lane => lane.Count);
        }
    }

    /// <summary>The kind of a lane's messages.</summary>
    public static MessageClass ClassOf(int lane) => (MessageClass)(lane / 2);

    /// <summary>Whether a lane's messages are to be acknowledged.</summary>
    public static bool IsAcknowledged(int lane) => lane % 2 == 1;

    /// <summary>Takes messages from now on.</summary>
    public void Open()
    {
        lock (_lock)
            _isOpen = true;
    }

    /// <summary>Takes no more, and gives back what waits.</summary>
    public List<OutboundMessage> Close()
    {
        lock (_lock)
        {
            _isOpen = false;
            var left = _lanes.SelectMany(lane => lane).ToList();
            foreach (var lane in _lanes)
                lane.Clear();
            return left;
        }
    }

    /// <summary>Adds one; false when it is closed, and nothing happened.</summary>
    public bool TryAdd(in MqttMessage message)
    {
        OutboundMessage? oldest = null;
        lock (_lock)
        {
            if (!_isOpen)
                return false;
            var lane = _lanes[(2 * (int)message.Class) + (message.Qos > 0 ? 1 : 0)];
            if (lane.Count >= (message.Class == MessageClass.Preview ? Math.Min(length, PreviewsAtMost) : length))
                oldest = lane.Dequeue();
            lane.Enqueue(OutboundMessage.Copy(message));
        }

        if (oldest is { } dropped)
            overflow(dropped);
        return true;
    }

    /// <summary>Whether a lane has a message.</summary>
    public bool Has(int lane)
    {
        lock (_lock)
            return _lanes[lane].Count > 0;
    }

    /// <summary>The oldest message of a lane.</summary>
    public bool TryTake(int lane, out OutboundMessage message)
    {
        lock (_lock)
            return _lanes[lane].TryDequeue(out message);
    }
}
