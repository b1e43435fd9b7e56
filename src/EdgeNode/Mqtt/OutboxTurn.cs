using FaceLandmark.Diagnostics;

namespace FaceLandmark.Mqtt;

/// <summary>
/// The outbox over one connection: its messages go in order, first one, then more and more at once. When the broker refuses one for now,
/// the rest waits with it, so that the order stays; after a pause it begins again with one. One thread.
/// </summary>
internal sealed class OutboxTurn(Outbox outbox, NodeMetrics metrics)
{
    private const int WindowAtMost = 64;
    private int _window = 1;
    private int _underWay;
    private bool _isHeld;

    /// <summary>Whether a message can go now.</summary>
    public bool IsReady => !_isHeld && _underWay < _window && outbox.HasNext();

    /// <summary>The next message.</summary>
    public OutboxEntry? Take()
    {
        var entry = outbox.Next();
        if (entry is not null)
            _underWay++;
        return entry;
    }

    /// <summary>What became of one.</summary>
    /// <returns>Whether it is to be tried again after a pause, by <see cref="Resume"/>.</returns>
    public bool Settle(OutboxEntry entry, SendFate fate)
    {
        _underWay--;
        switch (fate)
        {
            case SendFate.Taken:
                outbox.Remove(entry);
                outbox.Patience.Took(entry.Topic);
                _window = Math.Min(2 * _window, WindowAtMost);
                break;
            case SendFate.RefusedForever:
                GiveUp(entry, DropReason.Refused);
                break;
            case SendFate.Refused when outbox.Patience.IsOver(entry.Topic):
                GiveUp(entry, DropReason.Refused);
                break;
            case SendFate.Refused:
                (_isHeld, _window) = (true, 1);
                break;
            case SendFate.Lost:
            default:
                break;
        }

        if (!_isHeld || _underWay > 0)
            return false;
        outbox.Rewind();
        return true;
    }

    /// <summary>The pause is over.</summary>
    public void Resume() => _isHeld = false;

    /// <summary>A message that was taken, and cannot be sent, is not worth keeping.</summary>
    public void Discard(OutboxEntry entry, DropReason reason)
    {
        _underWay--;
        GiveUp(entry, reason);
    }

    private void GiveUp(OutboxEntry entry, DropReason reason)
    {
        outbox.Remove(entry);
        metrics.Dropped(DropPlace.Outbox, reason);
    }
}
