namespace FaceLandmark.Mqtt;

/// <summary>
/// Counts the messages of the embedded broker that wait for a subscriber or are being written to one, and says when there are none.
/// Thread-safe.
/// </summary>
internal sealed class UnsentMessages
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _clients = [];
    private TaskCompletionSource? _none;

    /// <summary>A client connects; another of the same name, whose place it takes, gets nothing more.</summary>
    public void Connected(string client)
    {
        lock (_lock)
        {
            _clients[client] = 0;
            Tell();
        }
    }

    /// <summary>A client has gone, and what waited for it with it.</summary>
    public void Disconnected(string client)
    {
        lock (_lock)
        {
            _clients.Remove(client);
            Tell();
        }
    }

    /// <summary>A message is about to join the queue of a client; for one that has gone it does not count.</summary>
    public void Queued(string client)
    {
        lock (_lock)
        {
            if (_clients.TryGetValue(client, out var count))
                _clients[client] = count + 1;
        }
    }

    /// <summary>A message of a client was written, or dropped from its queue.</summary>
    public void Settled(string client)
    {
        lock (_lock)
        {
            // The last write of a client whose place was taken is not one of its successor's.
            if (_clients.TryGetValue(client, out var count) && count > 0)
                _clients[client] = count - 1;
            Tell();
        }
    }

    /// <summary>Ends as soon as no message waits.</summary>
    public Task WhenNoneAsync()
    {
        lock (_lock)
        {
            _none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var none = _none.Task;
            Tell();
            return none;
        }
    }

    private void Tell()
    {
        if (_none is null || _clients.Values.Any(count => count > 0))
            return;
        _none.SetResult();
        _none = null;
    }
}
