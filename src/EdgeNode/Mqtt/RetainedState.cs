using System.Diagnostics.CodeAnalysis;

namespace FaceLandmark.Mqtt;

/// <summary>The latest payload of every retained topic, and which of them the broker still has to get. Thread-safe.</summary>
internal sealed class RetainedState
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, byte[]> _latest = [];
    private readonly List<string> _unsent = [];

    /// <summary>Replaces the payload of a topic; one that was never sent is forgotten.</summary>
    public void Set(string topic, byte[] payload)
    {
        lock (_lock)
        {
            _latest[topic] = payload;
            if (!_unsent.Contains(topic))
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
    public void ForgetSent()
    {
        lock (_lock)
        {
            _unsent.Clear();
            _unsent.AddRange(_latest.Keys);
        }
    }

    /// <summary>The topic that waits longest, with its latest payload.</summary>
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
            return true;
        }
    }
}
