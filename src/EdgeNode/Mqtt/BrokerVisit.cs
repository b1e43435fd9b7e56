using System.Diagnostics.Metrics;
using FaceLandmark.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace FaceLandmark.Mqtt;

/// <summary>
/// A connection to the broker that is no node's: under an identifier of its own, without a last will. It speaks whichever version of MQTT
/// the broker does.
/// </summary>
internal sealed class BrokerVisit : IDisposable
{
    private static readonly TimeSpan s_goodbyeWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_asksAgainAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_asksAgainAfterAtMost = TimeSpan.FromMinutes(1);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly NodeMetrics _metrics;
    private readonly BrokerSettings _broker;
    private readonly BrokerDialect _dialect;
    private readonly TimeProvider _time;

    /// <summary>Prepares it.</summary>
    /// <param name="options">The broker; no host is this machine.</param>
    /// <param name="purpose">What for: a part of the identifier.</param>
    /// <param name="time">The clock.</param>
    public BrokerVisit(MqttOptions options, string purpose, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _time = time;
        _metrics = new NodeMetrics(_services.GetRequiredService<IMeterFactory>(), time);
        var session = Guid.NewGuid().ToString("N");
        options = options with
        {
            Host = options.Host.Length > 0 ? options.Host : "127.0.0.1",
            ClientId = $"facelandmark-{purpose}-{session[..8]}",
        };
        _broker = new BrokerSettings(options, new MqttTopics(options.BaseTopic, purpose, []), session) { WillTopic = "" };
        _dialect = new BrokerDialect(options.Version);
    }

    /// <summary>Host and port, for people.</summary>
    public string Address => _broker.Address;

    /// <summary>Connects once, to the first address that serves.</summary>
    /// <returns>The connection, or why there is none, in a sentence for each address.</returns>
    public async Task<(LinkConnection? Connection, string? Fault)> TryConnectAsync(
        IReadOnlyList<Subscription> subscriptions,
        CancellationToken cancellationToken
    )
    {
        var faults = new List<string>();
        for (var i = 0; i < _broker.Places; i++)
        {
            var (connection, fault) = await TryHereAsync(subscriptions, cancellationToken).ConfigureAwait(false);
            if (connection is not null)
                return (connection, null);
            faults.Add(fault!);
            _broker.MoveOn();
        }

        return (null, string.Join(" ", faults.Distinct()));
    }

    private async Task<(LinkConnection? Connection, string? Fault)> TryHereAsync(
        IReadOnlyList<Subscription> subscriptions,
        CancellationToken cancellationToken
    )
    {
        var (connection, fault) = await ConnectionAttempt
            .RunAsync(_broker, _dialect, subscriptions, _metrics, _time, cancellationToken)
            .ConfigureAwait(false);
        if (connection is null)
            return (null, fault!.Sentence);
        try
        {
            var refused = await connection.Refused.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (refused.Count == 0)
                return (connection, null);
            connection.Dispose();
            return (null, $"The broker {Address} does not let this client subscribe to {refused[0]}: check what it allows Mqtt:User.");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Connects, and again whenever the connection is lost or cannot be made again, until it has to stop; then says goodbye.
    /// </summary>
    /// <param name="subscriptions">What it listens to.</param>
    /// <param name="tell">
    /// Called with null when the subscriptions stand, and with a sentence when the connection is lost or cannot be made again.
    /// </param>
    /// <param name="stop">Ends it.</param>
    /// <param name="asksAgain">
    /// Whether it asks again for what the broker retains: 5 s after a connection, then whenever twice that time has passed, at least every
    /// minute. A member of a cluster that has just lost another one may know old messages only, and tells nobody when it learns newer ones.
    /// </param>
    /// <exception cref="BrokerException">The first connection cannot be made, or the broker refuses a subscription.</exception>
    public async Task ListenAsync(
        IReadOnlyList<Subscription> subscriptions,
        Action<string?> tell,
        CancellationToken stop,
        bool asksAgain = false
    )
    {
        try
        {
            var served = false;
            for (var attempt = 0; ; attempt++)
            {
                var (connection, fault) = await TryConnectAsync(subscriptions, stop).ConfigureAwait(false);
                if (connection is null && !served)
                    throw new BrokerException(fault!);
                if (connection is not null)
                {
                    (served, attempt) = (true, 0);
                    using (connection)
                    {
                        tell(null);
                        fault = await LostAsync(connection, asksAgain, stop).ConfigureAwait(false);
                    }
                }

                tell(fault);
                var pause = ReconnectPause.Of(attempt, _broker.ReconnectAfter, _broker.ReconnectAfterAtMost, Random.Shared.NextDouble());
                await Task.Delay(pause, _time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private async Task<string> LostAsync(LinkConnection connection, bool asksAgain, CancellationToken stop)
    {
        try
        {
            for (var (since, pause) = (_time.GetTimestamp(), s_asksAgainAfter); asksAgain; connection.SubscribeAgain())
            {
                await ((Task)connection.Lost.WaitAsync(pause, _time, stop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (connection.Lost.IsCompleted || stop.IsCancellationRequested)
                    break;
                pause = TimeSpan.FromTicks(Math.Min(_time.GetElapsedTime(since).Ticks, s_asksAgainAfterAtMost.Ticks));
            }

            return (await connection.Lost.WaitAsync(stop).ConfigureAwait(false)).Sentence;
        }
        catch (OperationCanceledException)
        {
            using var goodbye = new CancellationTokenSource(s_goodbyeWithin, _time);
            await connection.DisconnectAsync(goodbye.Token).ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _services.Dispose();
}
