using Microsoft.Extensions.Logging;

namespace FaceLandmark.Mqtt;

/// <summary>Events 700 to 799.</summary>
internal static partial class LinkLog
{
    [LoggerMessage(700, LogLevel.Warning, "{Reason} The node goes on without it and keeps trying.")]
    public static partial void BrokerLost(this ILogger logger, string reason);

    [LoggerMessage(701, LogLevel.Information, "Connected to the broker {Broker} as '{ClientId}'.")]
    public static partial void BrokerConnected(this ILogger logger, string broker, string clientId);

    [LoggerMessage(702, LogLevel.Information, "Connected to the broker {Broker} again after {Seconds:F1} s.")]
    public static partial void BrokerBack(this ILogger logger, string broker, double seconds);

    [LoggerMessage(703, LogLevel.Debug, "{Reason} Next attempt in {Pause}.")]
    public static partial void AttemptFailed(this ILogger logger, string reason, TimeSpan pause);

    [LoggerMessage(
        704,
        LogLevel.Warning,
        "The broker {Broker} refuses messages on {Topic} ({Reason}): check what it allows '{ClientId}' to write. Told once a minute."
    )]
    public static partial void MessageRefused(this ILogger logger, string broker, string topic, string reason, string clientId);

    [LoggerMessage(
        705,
        LogLevel.Warning,
        "The retained message on {Topic} has {Bytes} bytes, more than the broker {Broker} accepts: raise its limit. "
            + "Told once a minute and topic."
    )]
    public static partial void StateTooLarge(this ILogger logger, string topic, int bytes, string broker);

    [LoggerMessage(706, LogLevel.Warning, "The goodbye to the broker {Broker} did not end in time; {Dropped} messages were dropped.")]
    public static partial void GoodbyeCut(this ILogger logger, string broker, int dropped);

    [LoggerMessage(
        708,
        LogLevel.Warning,
        "The broker {Broker} does not let '{ClientId}' listen to {Topic} ({Reason}): check what it allows; "
            + "commands and the correction of late wills need it."
    )]
    public static partial void SubscriptionRefused(this ILogger logger, string broker, string topic, string reason, string clientId);

    [LoggerMessage(
        709,
        LogLevel.Warning,
        "The broker {Broker} retains nothing: who subscribes later does not see this node's state until it changes; "
            + "allow retained messages."
    )]
    public static partial void RetainUnavailable(this ILogger logger, string broker);

    [LoggerMessage(
        711,
        LogLevel.Information,
        "{Topic} was overwritten by session {Session}, probably a late last will; 'online' is said again."
    )]
    public static partial void StatusContradicted(this ILogger logger, string topic, string session);

    [LoggerMessage(712, LogLevel.Information, "{Messages} messages wait in the outbox {File} since the last run.")]
    public static partial void OutboxHasBacklog(this ILogger logger, long messages, string file);

    [LoggerMessage(
        713,
        LogLevel.Error,
        "The outbox {File} can't be written ({Reason}): messages wait in memory, so many as fit, and are sent directly until it can; "
            + "free space on the disk. Told once a minute."
    )]
    public static partial void OutboxFailed(this ILogger logger, string file, string reason);

    [LoggerMessage(
        714,
        LogLevel.Warning,
        "The broker {Broker} ended the connection each time it got a message on {Topic} ({Bytes} bytes), without saying why: "
            + "nothing is sent there for an hour; look into its log for what it allows."
    )]
    public static partial void TopicSetAside(this ILogger logger, string broker, string topic, long bytes);

    [LoggerMessage(
        715,
        LogLevel.Warning,
        "The broker {Broker} ends the connection when it gets large messages, without saying why: "
            + "none of more than {Bytes} bytes is sent for an hour; raise its limit, or set Mqtt:Version to v5 if it knows MQTT 5."
    )]
    public static partial void SizeSetAside(this ILogger logger, string broker, long bytes);

    [LoggerMessage(716, LogLevel.Warning, "The stop left no time for {Dropped} messages to the broker {Broker}: raise Node:DrainFor.")]
    public static partial void StopLeftMessages(this ILogger logger, string broker, int dropped);

    [LoggerMessage(
        717,
        LogLevel.Warning,
        "The outbox {File} was damaged ({Reason}): it is kept as {Kept}, and a new one is begun. What waited in it is not sent."
    )]
    public static partial void OutboxSetAside(this ILogger logger, string file, string reason, string kept);

    [LoggerMessage(
        718,
        LogLevel.Information,
        "The outbox {File} can be written again after {Seconds:F0} s; {Messages} messages waited in memory meanwhile."
    )]
    public static partial void OutboxRecovered(this ILogger logger, string file, double seconds, int messages);

    [LoggerMessage(
        719,
        LogLevel.Information,
        "The broker {Broker} is spoken to in MQTT 3.1.1, as it knows no better: without its limits and reasons."
    )]
    public static partial void OldVersion(this ILogger logger, string broker);

    [LoggerMessage(710, LogLevel.Information, "No broker is configured: the node serves its own on 127.0.0.1:{Port}.")]
    public static partial void EmbeddedBrokerStarted(this ILogger logger, int port);
}
