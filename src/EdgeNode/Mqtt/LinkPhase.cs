namespace FaceLandmark.Mqtt;

/// <summary>Where the link stands. Every move goes through <see cref="MoveTo"/>. Thread-safe.</summary>
internal sealed class LinkPhase
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _online = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile int _state;

    /// <summary>Where it stands.</summary>
    public LinkState State => (LinkState)_state;

    /// <summary>Completes when the link is online, or drains.</summary>
    public Task Online
    {
        get
        {
            lock (_lock)
                return _online.Task;
        }
    }

    /// <summary>Moves on; a move that the present state does not allow is none.</summary>
    /// <returns>Whether it moved.</returns>
    public bool MoveTo(LinkState next)
    {
        lock (_lock)
        {
            if (!MayMove(State, next))
                return false;
            _state = (int)next;
            if (next == LinkState.Online)
                _online.TrySetResult();
            else if (next == LinkState.Disconnected && _online.Task.IsCompleted)
                _online = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    private static bool MayMove(LinkState from, LinkState to) =>
        (from, to) switch
        {
            (LinkState.Disconnected, LinkState.Connecting) => true,
            (LinkState.Connecting, LinkState.Online) => true,
            (LinkState.Online, LinkState.Draining) => true,
            (not LinkState.Disconnected, LinkState.Disconnected) => true,
            _ => false,
        };
}
