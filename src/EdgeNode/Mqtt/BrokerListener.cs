using FaceLandmark.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Mqtt;

/// <summary>
/// Listens to topics for a verb that watches others: announces nothing, leaves no last will, and connects again when the connection is
/// lost.
/// </summary>
/// <param name="options">The broker.</param>
/// <param name="name">What the verb is called; part of the client identifier, which nobody else has.</param>
/// <param name="subscriptions">What it listens to.</param>
/// <param name="metrics">Where messages are counted.</param>
/// <param name="time">The clock.</param>
internal sealed class BrokerListener(
    MqttOptions options,
    string name,
    IReadOnlyList<Subscription> subscriptions,
    NodeMetrics metrics,
    TimeProvider time
)
{
    private readonly BrokerSettings _broker = new(
        options with
        {
            Host = options.Host.Length > 0 ? options.Host : "127.0.0.1", // the broker of a node of this machine, as a guest
            ClientId = $"{(options.ClientId.Length > 0 ? options.ClientId : "facelandmark")}-{name}-{Random.Shared.Next():x8}",
        },
        new MqttTopics(options.BaseTopic, name, []),
        ""
    )
    {
        WillTopic = "",
    };

    /// <summary>The broker, for people.</summary>
    public string Address => _broker.Address;

    /// <summary>Listens until it has to stop.</summary>
    /// <param name="tell">
    /// Called with null when the subscriptions stand, and with a sentence when the connection is lost or cannot be made again.
    /// </param>
    /// <param name="stop">Ends it, with a goodbye.</param>
    /// <exception cref="BrokerException">The first connection cannot be made, or the broker refuses a subscription.</exception>
    public async Task RunAsync(Action<string?> tell, CancellationToken stop)
    {
        var dialect = new BrokerDialect(_broker.Version);
        var served = false;
        for (var attempt = 0; !stop.IsCancellationRequested; attempt++)
        {
            var (fault, listened) = await ListenAsync(dialect, tell, stop).ConfigureAwait(false);
            if (fault is null)
                return;
            if (fault.AsksAnotherWay)
                continue;
            served |= listened;
            if (!served)
                throw new BrokerException(fault.Sentence);
            tell(fault.Sentence);
            attempt = listened ? 0 : attempt;
            var pause = ReconnectPause.Of(attempt, _broker.ReconnectAfter, _broker.ReconnectAfterAtMost, Random.Shared.NextDouble());
            await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<(LinkFault? Fault, bool Listened)> ListenAsync(BrokerDialect dialect, Action<string?> tell, CancellationToken stop)
    {
        using var connection = new LinkConnection(_broker, subscriptions, metrics, time, NullLogger.Instance, () => { });
        try
        {
            if (await connection.ConnectAsync(dialect, new LearnedLimits(time), stop).ConfigureAwait(false) is { } refusal)
                return (refusal, false);
            var refused = await connection.Refused.WaitAsync(stop).ConfigureAwait(false);
            if (connection.Lost.IsCompleted)
                return (await connection.Lost.ConfigureAwait(false), false);
            if (refused.Count > 0)
                throw new BrokerException(
                    $"The broker {Address} does not let '{_broker.ClientId}' subscribe to {refused[0]}: check what it allows this account."
                );
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return (null, false);
        }
        catch (Exception failure) when (failure is not BrokerException)
        {
            return (LinkFault.OfFailure(failure, _broker), false);
        }

        tell(null);
        try
        {
            var lost = await connection.Lost.WaitAsync(stop).ConfigureAwait(false);
            dialect.Ended();
            return (lost, true);
        }
        catch (OperationCanceledException)
        {
            using var goodbye = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
            await connection.DisconnectAsync(goodbye.Token).ConfigureAwait(false);
            return (null, true);
        }
    }
}
