using Microsoft.Extensions.Logging;

namespace FaceLandmark.Mqtt;

/// <summary>Log lines about messages that the broker refuses, at most once a minute.</summary>
internal sealed class LinkWords(BrokerSettings broker, TimeProvider time, ILogger logger)
{
    private readonly Reminders _reminders = new(time);

    /// <summary>The broker refuses a message.</summary>
    public void Refused(string topic, string reason)
    {
        if (_reminders.IsDue(704, "")) // an access list commonly forbids all of them
            logger.MessageRefused(broker.Address, topic, reason, broker.ClientId);
    }

    /// <summary>A retained message is larger than the broker accepts.</summary>
    public void TooLarge(string topic, int bytes)
    {
        if (_reminders.IsDue(705, topic))
            logger.StateTooLarge(topic, bytes, broker.Address);
    }

    /// <summary>The broker retains nothing.</summary>
    public void RetainsNothing()
    {
        if (_reminders.IsDue(709, ""))
            logger.RetainUnavailable(broker.Address);
    }

    /// <summary>Something was found out about a broker that ends connections without a word.</summary>
    public void Learned(LearnedLimit what, in LearnedLimits.Trait message, long? limit)
    {
        switch (what)
        {
            case LearnedLimit.Retain:
                RetainsNothing();
                break;
            case LearnedLimit.Topic:
                logger.TopicSetAside(broker.Address, message.Topic, message.Bytes);
                break;
            case LearnedLimit.Size:
                logger.SizeSetAside(broker.Address, limit ?? 0);
                break;
            case LearnedLimit.None:
            default:
                break;
        }
    }
}
