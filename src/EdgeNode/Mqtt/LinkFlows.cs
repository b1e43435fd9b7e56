using FaceLandmark.Diagnostics;

namespace FaceLandmark.Mqtt;

/// <summary>
/// What goes next over one connection: first every retained topic, then the status, then state, outbox and the lanes of the queue by their
/// shares. What the broker would not take is dropped here, and counted. One thread.
/// </summary>
internal sealed class LinkFlows
{
    private const int StateFlow = 0;
    private const int StoredFlow = 1;
    private const int FirstLane = 2;
    private const int EvenWeight = 4;
    private readonly ConnectionLimits _limits;
    private readonly LinkContext _context;
    private readonly LinkLoad _load;
    private readonly FairShare _share = new([
        EvenWeight,
        EvenWeight,
        .. Enumerable.Range(0, SendQueue.Lanes).Select(lane => SendQueue.ClassOf(lane).Weight()),
    ]);
    private readonly bool[] _ready = new bool[FirstLane + SendQueue.Lanes];
    private int _greetings;

    public LinkFlows(ConnectionLimits limits, LinkContext context)
    {
        (_limits, _context, _load) = (limits, context, context.Load);
        Stored = _load.Outbox is { } outbox ? new OutboxTurn(outbox, _load.Metrics) : null;
    }

    /// <summary>The outbox; null: there is none.</summary>
    public OutboxTurn? Stored { get; }

    /// <summary>Whether the status is to be said, when all that comes before it is.</summary>
    public bool StatusIsDue { get; set; }

    /// <summary>Whether the status was sent: only then anything but state goes.</summary>
    public bool IsGreeted { get; set; }

    /// <summary>A new connection.</summary>
    public void Begin() => _greetings = _load.State.ForgetSent(smallestFirst: _context.Learned.IsWary);

    /// <summary>Takes what goes next.</summary>
    /// <param name="hasRoom">Whether one more message may be without a receipt.</param>
    /// <returns>Null when nothing can go now.</returns>
    public Sending? Take(bool hasRoom)
    {
        var maySend = hasRoom || !_limits.IsAcknowledged(1);
        while (true)
        {
            if (StatusIsDue && _greetings == 0)
            {
                if (!maySend)
                    return null;
                StatusIsDue = false;
                return new Sending.Status(Trait(_context.Broker.StatusTopic, PacketSize.Status(_context.Broker.StatusTopic), retain: true));
            }

            Look(maySend);
            if (_share.Next(_ready) is not { } flow)
                return null;
            if (TakeFrom(flow) is { } sending)
            {
                _share.Charge(flow, sending.Trait.Bytes);
                return sending;
            }
        }
    }

    private void Look(bool maySend)
    {
        _ready[StateFlow] = maySend && _load.State.HasUnsent;
        _ready[StoredFlow] = IsGreeted && maySend && !_context.Stop.StoredIsOver && Stored?.IsReady == true;
        for (var lane = 0; lane < SendQueue.Lanes; lane++)
            _ready[FirstLane + lane] = IsGreeted && (maySend || !SendQueue.IsAcknowledged(lane)) && _load.Queue.Has(lane);
    }

    private Sending? TakeFrom(int flow) =>
        flow switch
        {
            StateFlow => TakeState(),
            StoredFlow => TakeStored(),
            _ => TakeOnce(flow - FirstLane),
        };

    private Sending.State? TakeState()
    {
        if (!_load.State.TryTake(out var topic, out var payload))
            return null;
        _greetings = Math.Max(0, _greetings - 1);
        var trait = Trait(topic, PacketSize.AtMost(topic, payload.Length, MessageJson.ContentType), retain: true);
        if (Obstacle(trait) is null)
            return new Sending.State(topic, payload, trait);
        _load.State.Settle(topic);
        _load.Metrics.Dropped(DropPlace.Publish, DropReason.TooLarge);
        _context.Words.TooLarge(topic, payload.Length);
        return null;
    }

    private Sending.Stored? TakeStored()
    {
        if (Stored!.Take() is not { } entry)
            return null;
        var trait = Trait(entry.Topic, PacketSize.AtMost(entry.Topic, entry.Payload.Length, entry.ContentType));
        if (Obstacle(trait) is not { } reason)
            return new Sending.Stored(entry, trait);
        Stored.Discard(entry, reason);
        return null;
    }

    private Sending.Once? TakeOnce(int lane)
    {
        if (!_load.Queue.TryTake(lane, out var message))
            return null;
        var trait = Trait(message.Message.Topic, message.Message.Bytes);
        if (Obstacle(trait) is not { } reason)
            return new Sending.Once(message, trait);
        _load.Drop(message, reason);
        return null;
    }

    // Why the broker would not take a message; null: it would.
    private DropReason? Obstacle(in LearnedLimits.Trait message) =>
        message.Bytes > _limits.PacketBytes ? DropReason.TooLarge
        : _context.Learned.IsAside(message) ? DropReason.Refused
        : null;

    private LearnedLimits.Trait Trait(string topic, long bytes, bool retain = false) => new(topic, bytes, retain && _limits.MayRetain);
}
