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
        "The broker {Broker} refuses messages on {Topic} ({Reason}): check what it allows '{ClientId}' to write. Logged once a minute."
    )]
    public static partial void MessageRefused(this ILogger logger, string broker, string topic, string reason, string clientId);

    [LoggerMessage(
        705,
        LogLevel.Warning,
        "The retained message on {Topic} has {Bytes} bytes, more than the broker {Broker} accepts: raise its limit. "
            + "Logged once a minute for each topic."
    )]
    public static partial void StateTooLarge(this ILogger logger, string topic, int bytes, string broker);

    [LoggerMessage(706, LogLevel.Warning, "The goodbye to the broker {Broker} took too long; {Dropped} messages were dropped.")]
    public static partial void GoodbyeCut(this ILogger logger, string broker, int dropped);

    [LoggerMessage(
        708,
        LogLevel.Warning,
        "The broker {Broker} does not let '{ClientId}' subscribe to {Topic} ({Reason}): check what it allows; "
            + "commands and the correction of late wills need it."
    )]
    public static partial void SubscriptionRefused(this ILogger logger, string broker, string topic, string reason, string clientId);

    [LoggerMessage(720, LogLevel.Information, "The broker {Broker} lets '{ClientId}' subscribe to {Topic} now.")]
    public static partial void SubscriptionTaken(this ILogger logger, string broker, string topic, string clientId);

    [LoggerMessage(
        709,
        LogLevel.Warning,
        "The broker {Broker} retains nothing: later subscribers do not see this node's state until it changes; "
            + "allow retained messages."
    )]
    public static partial void RetainUnavailable(this ILogger logger, string broker);

    [LoggerMessage(
        711,
        LogLevel.Information,
        "{Topic} was overwritten by session {Session}, probably a late last will; the node publishes 'online' again."
    )]
    public static partial void StatusContradicted(this ILogger logger, string topic, string session);

    [LoggerMessage(712, LogLevel.Information, "{Messages} messages wait in the outbox {File} since the last run.")]
    public static partial void OutboxHasBacklog(this ILogger logger, long messages, string file);

    [LoggerMessage(
        713,
        LogLevel.Error,
        "The outbox {File} cannot be written ({Reason}): until it can, messages wait in memory, as many as fit, and are sent from there; "
            + "free space on the disk. Logged once a minute."
    )]
    public static partial void OutboxFailed(this ILogger logger, string file, string reason);

    [LoggerMessage(
        714,
        LogLevel.Warning,
        "The broker {Broker} ended the connection each time it received a message on {Topic} ({Bytes} bytes), without a reason: "
            + "the node sends nothing there for an hour; look into the broker's log for what it allows."
    )]
    public static partial void TopicSetAside(this ILogger logger, string broker, string topic, long bytes);

    [LoggerMessage(
        715,
        LogLevel.Warning,
        "The broker {Broker} ends the connection when it receives large messages, without a reason: "
            + "the node sends none of more than {Bytes} bytes for an hour; raise its limit, or set Mqtt:Version to v5 if it knows MQTT 5."
    )]
    public static partial void SizeSetAside(this ILogger logger, string broker, long bytes);

    [LoggerMessage(716, LogLevel.Warning, "The stop left no time for {Dropped} messages to the broker {Broker}: raise Node:DrainFor.")]
    public static partial void StopLeftMessages(this ILogger logger, string broker, int dropped);

    [LoggerMessage(
        717,
        LogLevel.Warning,
        "The outbox {File} was damaged ({Reason}): the node keeps it as {Kept} and begins a new one. The messages in it are not sent."
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
        "The node speaks MQTT 3.1.1 with the broker {Broker}, which does not know MQTT 5: the broker cannot tell its limits and reasons."
    )]
    public static partial void OldVersion(this ILogger logger, string broker);

    [LoggerMessage(710, LogLevel.Information, "No broker is configured: the node serves its own on 127.0.0.1:{Port}.")]
    public static partial void EmbeddedBrokerStarted(this ILogger logger, int port);
}
