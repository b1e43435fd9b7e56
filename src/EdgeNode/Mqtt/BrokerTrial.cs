using System.Text;
using FaceLandmark.Diagnostics;

namespace FaceLandmark.Mqtt;

/// <summary>
/// Tries whether a broker serves the node: connects as the node would, subscribes, publishes, and reads back what it published, below the
/// node's own base. The identifier is another one, so that a node that runs keeps its connection; only a broker that refuses it is asked
/// with the node's own.
/// </summary>
internal sealed class BrokerTrial(MqttOptions options, MqttTopics topics, NodeMetrics metrics, TimeProvider time)
{
    private static readonly TimeSpan s_within = TimeSpan.FromSeconds(10);
    private readonly string _word = Guid.NewGuid().ToString("N");
    private readonly TaskCompletionSource _readBack = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Tries it.</summary>
    /// <returns>What is wrong, a sentence with its remedy, or null; and what was found.</returns>
    public async Task<(string? Fault, string Found)> RunAsync(CancellationToken cancellationToken)
    {
        var own = new BrokerSettings(options, topics, _word) { WillTopic = Topic };
        var other = new BrokerSettings(options with { ClientId = own.ClientId + "-doctor" }, topics, _word) { WillTopic = Topic };
        var result = await RunAsync(other, cancellationToken);
        if (result.Fault is { IsRefusal: true })
            result = await RunAsync(own, cancellationToken);
        return (result.Fault?.Sentence, result.Found);
    }

    // Nothing of the node's is overwritten: it is below its base, and an access list that lets it publish there lets it publish its state.
    private string Topic => topics.Base + "/doctor";

    private string Request => topics.Requests + "doctor";

    private static (LinkFault? Fault, string Found) Fault(string sentence) => (new LinkFault(sentence), "");

    private async Task<(LinkFault? Fault, string Found)> RunAsync(BrokerSettings broker, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Subscription[] subscriptions = [new(topics.Requests + "+", ReadBack, false, [Request])];
        try
        {
            var dialect = new BrokerDialect(options.Version);
            var (made, fault) = await ConnectionAttempt.RunAsync(broker, dialect, subscriptions, metrics, time, either.Token);
            using var connection = made;
            return connection is null ? (fault, "") : await TryAsync(connection, broker, either.Token);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return (LinkFault.OfFailure(failure, broker), "");
        }
    }

    private async Task<(LinkFault? Fault, string Found)> TryAsync(LinkConnection connection, BrokerSettings broker, CancellationToken end)
    {
        var refused = await connection.Refused.WaitAsync(end);
        if (await PublishAsync(connection, Topic, end) is { } state)
            return (state, "");
        if (refused.Count > 0)
            return Fault(
                $"The broker {broker.Address} does not let '{broker.ClientId}' subscribe to {refused[0]}: check what it allows; "
                    + "commands need it."
            );
        if (await PublishAsync(connection, Request, end) is { } request)
            return (request, "");
        try
        {
            await _readBack.Task.WaitAsync(end);
        }
        catch (OperationCanceledException)
        {
            return Fault(
                $"The broker {broker.Address} took a message on {Request} and did not deliver it: check what it allows '{broker.ClientId}'."
            );
        }

        await connection.DisconnectAsync(end);
        return (null, Describe(connection.Limits, broker));
    }

    private async Task<LinkFault?> PublishAsync(LinkConnection connection, string topic, CancellationToken end)
    {
        var message = new MqttMessage(topic, Encoding.UTF8.GetBytes($"{{\"transaction\":\"{_word}\"}}"), MessageClass.Report) { Qos = 1 };
        var (fate, reason) = await connection.Sender.SendAsync(message, end);
        return fate == SendFate.Taken
            ? null
            : new LinkFault($"The broker refuses messages on {topic} ({reason}): check what it allows this node to write.");
    }

    private void ReadBack(InboundMessage message)
    {
        if (message.Payload.Span.IndexOf(Encoding.UTF8.GetBytes(_word)) >= 0)
            _readBack.TrySetResult();
    }

    private static string Describe(ConnectionLimits limits, BrokerSettings broker)
    {
        var found = new StringBuilder($"{broker.Address} accepts and delivers messages, MQTT {(limits.IsVersion5 ? "5" : "3.1.1")}");
        if (limits.PacketBytes < PacketSize.ProtocolLimit)
            found.Append($", at most {limits.PacketBytes} bytes each");
        if (!limits.MayRetain)
            found.Append(", but retains nothing: later subscribers do not see the node's state until it changes");
        return found.ToString();
    }
}
