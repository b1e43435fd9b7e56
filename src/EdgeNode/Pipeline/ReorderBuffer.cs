namespace FaceLandmark.Pipeline;

/// <summary>
/// Puts items back into the order of their tickets 1, 2, 3, ... An item waits for those before it no longer than the window; what comes
/// after its turn was passed over leaves at once, out of order. Every ticket arrives once. One thread at a time.
/// </summary>
internal sealed class ReorderBuffer<T>(TimeSpan window, TimeProvider time)
{
    private readonly Dictionary<long, T> _early = [];
    private readonly HashSet<long> _passedOver = [];
    private long _next = 1;
    private long _waitingSince;

    /// <summary>Items that wait for an earlier ticket.</summary>
    public int Waiting => _early.Count;

    /// <summary>Takes an item and appends those whose turn has come, in order.</summary>
    /// <exception cref="InvalidOperationException">The ticket came before: a bug.</exception>
    public void Add(long ticket, T item, ICollection<T> ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        if (_passedOver.Remove(ticket))
        {
            ready.Add(item);
            return;
        }

        if (ticket < _next || !_early.TryAdd(ticket, item))
            throw new InvalidOperationException($"Ticket {ticket} came twice.");
        if (_early.Count == 1)
            _waitingSince = time.GetTimestamp();
        Release(ready);
    }

    /// <summary>Lets go what has waited for longer than the window; to be called now and then.</summary>
    public void Expire(ICollection<T> ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        if (_early.Count == 0 || time.GetElapsedTime(_waitingSince) <= window)
            return;
        for (var first = _early.Keys.Min(); _next < first; _next++)
            _passedOver.Add(_next);
        Release(ready);
    }

    private void Release(ICollection<T> ready)
    {
        while (_early.Remove(_next, out var turn))
        {
            ready.Add(turn);
            _next++;
            _waitingSince = time.GetTimestamp(); // those behind wait for another one from now on
        }
    }
}
