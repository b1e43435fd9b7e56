namespace FaceLandmark.Pipeline;

/// <summary>
/// Puts items back into the order of their tickets 1, 2, 3, ... Every ticket arrives exactly once, so nothing waits for ever. One thread at a time.
/// </summary>
public sealed class ReorderBuffer<T>
{
    private readonly Dictionary<long, T> _early = [];
    private long _next = 1;

    /// <summary>Items that wait for an earlier ticket.</summary>
    public int Waiting => _early.Count;

    /// <summary>Takes an item and appends those whose turn has come, in order.</summary>
    public void Add(long ticket, T item, ICollection<T> ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        if (ticket < _next || !_early.TryAdd(ticket, item))
            throw new InvalidOperationException($"Ticket {ticket} came twice.");
        while (_early.Remove(_next, out var turn))
        {
            ready.Add(turn);
            _next++;
        }
    }
}
