namespace FaceLandmark.Mqtt;

/// <summary>
/// Which receipts of retained messages are not believed. A NATS server whose cluster has just lost a member gives one although nobody keeps
/// the message: it asks its cluster in vain for 4 s (<c>mqttJSAPITimeout</c> of nats-server), writes that into its own log and goes on, for
/// MQTT 3.1.1 has no word for it. So what gets its receipt that late is sent again, a few times. One thread.
/// </summary>
/// <param name="isVersion5">Whether MQTT 5 is spoken, whose receipts can say no.</param>
internal sealed class ReceiptDoubts(bool isVersion5)
{
    /// <summary>A receipt that takes as long is late.</summary>
    public static readonly TimeSpan LateAfter = TimeSpan.FromSeconds(3);

    /// <summary>How often a topic is sent again: an election among NATS servers takes 9 s at most, and a broker may just be slow.</summary>
    public const int TimesAtMost = 5;

    private readonly Dictionary<string, int> _times = [];

    /// <summary>Whether a retained message is to be sent again.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="took">How long its receipt took.</param>
    public bool IsDoubtful(string topic, TimeSpan took)
    {
        if (isVersion5 || took < LateAfter)
        {
            _times.Remove(topic);
            return false;
        }

        var times = _times.GetValueOrDefault(topic);
        _times[topic] = times + 1;
        if (times < TimesAtMost)
            return true;
        _times.Remove(topic);
        return false;
    }
}
