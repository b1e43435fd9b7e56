using System.Diagnostics.CodeAnalysis;

namespace FaceLandmark.Mqtt;

/// <summary>
/// The latest payload of every retained topic, and which of them the broker still has to get. A topic that is under way waits for its
/// receipt before its next payload goes: what changes faster than the way to the broker allows is skipped, not queued. Thread-safe.
/// </summary>
internal sealed class RetainedState
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, byte[]> _latest = [];
    private readonly List<string> _unsent = [];
    private readonly Dictionary<string, bool> _underWay = []; // true: set once more since

    /// <summary>Whether a topic waits to be sent.</summary>
    public bool HasUnsent
    {
        get
        {
            lock (_lock)
                return _unsent.Count > 0;
        }
    }

    /// <summary>Replaces the payload of a topic, which is sent even if it is the same; one that was never sent is forgotten.</summary>
    public void Set(string topic, byte[] payload)
    {
        lock (_lock)
        {
            _latest[topic] = payload;
            if (_underWay.ContainsKey(topic))
                _underWay[topic] = true;
            else if (!_unsent.Contains(topic))
                _unsent.Add(topic);
        }
    }

    /// <summary>The payload of a topic; null when it has none.</summary>
    public byte[]? Latest(string topic)
    {
        lock (_lock)
            return _latest.GetValueOrDefault(topic);
    }

    /// <summary>A new connection: the broker may have lost everything.</summary>
    /// <param name="smallestFirst">In the order of their sizes, so that it shows which one the broker does not take; otherwise as they were
    /// set.</param>
    /// <returns>How many topics there are.</returns>
    public int ForgetSent(bool smallestFirst = false)
    {
        lock (_lock)
        {
            _underWay.Clear();
            _unsent.Clear();
            _unsent.AddRange(smallestFirst ? _latest.OrderBy(state => state.Value.Length).Select(state => state.Key) : _latest.Keys);
            return _unsent.Count;
        }
    }

    /// <summary>The topic that waits longest, with its latest payload; it is under way until <see cref="Settle"/>.</summary>
    public bool TryTake([NotNullWhen(true)] out string? topic, [NotNullWhen(true)] out byte[]? payload)
    {
        lock (_lock)
        {
            (topic, payload) = (null, null);
            if (_unsent.Count == 0)
                return false;
            topic = _unsent[0];
            payload = _latest[topic];
            _unsent.RemoveAt(0);
            _underWay[topic] = false;
            return true;
        }
    }

    /// <summary>A topic is no longer under way.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="again">The broker does not have it: it is to be sent again in any case.</param>
    public void Settle(string topic, bool again = false)
    {
        lock (_lock)
        {
            if (_underWay.Remove(topic, out var isSetAgain) && (again || isSetAgain))
                _unsent.Add(topic);
        }
    }
}
