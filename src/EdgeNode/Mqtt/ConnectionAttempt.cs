using FaceLandmark.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Mqtt;

/// <summary>Asks a broker once, outside the link: in each way that it may know, until it says yes or no.</summary>
internal static class ConnectionAttempt
{
    private const int WaysAtMost = 8;

    /// <summary>Connects to the broker whose turn it is.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="dialect">Version and last will that it gets; learns from its answers.</param>
    /// <param name="subscriptions">What the connection listens to.</param>
    /// <param name="metrics">Where its messages are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The connection, or why there is none.</returns>
    /// <exception cref="OperationCanceledException">It was to give up.</exception>
    public static async Task<(LinkConnection? Connection, LinkFault? Fault)> RunAsync(
        BrokerSettings broker,
        BrokerDialect dialect,
        IReadOnlyList<Subscription> subscriptions,
        NodeMetrics metrics,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        LinkFault? fault = null;
        for (var way = 0; way < WaysAtMost; way++)
        {
            var connection = new LinkConnection(broker, subscriptions, metrics, time, NullLogger.Instance, () => { });
            try
            {
                fault = await connection.ConnectAsync(dialect, new LearnedLimits(time), cancellationToken).ConfigureAwait(false);
                if (fault is null)
                    return (connection, null);
                connection.Dispose();
                if (!fault.AsksAnotherWay)
                    return (null, fault);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                connection.Dispose();
                fault = LinkFault.OfFailure(failure, broker);
                if (!LinkFault.IsHangUp(failure) || broker.Version == MqttVersion.V5)
                    return (null, fault);
            }
            catch
            {
                connection.Dispose();
                cancellationToken.ThrowIfCancellationRequested(); // the client has names of its own for that
                throw;
            }
        }

        return (null, fault);
    }
}
