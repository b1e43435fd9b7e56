namespace FaceLandmark.Mqtt;

/// <summary>
/// How long the outbox waits for a broker that refuses its messages. The time counts from the first refusal until all topics that were
/// refused are taken again; when it is over, what is refused is given up at once, so that it does not hold up the rest for ever. One
/// thread.
/// </summary>
internal sealed class RefusalPatience(TimeSpan atMost, TimeProvider time)
{
    private readonly HashSet<string> _refused = [];
    private long _since;

    /// <summary>Counts a refusal.</summary>
    /// <returns>Whether the message is to be given up.</returns>
    public bool IsOver(string topic)
    {
        if (_refused.Count == 0)
            _since = time.GetTimestamp();
        _refused.Add(topic);
        return time.GetElapsedTime(_since) >= atMost;
    }

    /// <summary>The broker took a message.</summary>
    public void Took(string topic) => _refused.Remove(topic);
}
