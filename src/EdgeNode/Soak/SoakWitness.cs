using System.Text;
using System.Text.Json;
using FaceLandmark.Mqtt;

namespace FaceLandmark.Soak;

/// <summary>
/// A subscriber at the broker itself, beyond the faulty line: which events arrived, and what the node's status is. Thread-safe.
/// </summary>
internal sealed class SoakWitness : IDisposable
{
    // The machine may be busy for a while: what is judged is the node, not this connection.
    private static readonly TimeSpan s_keepAlive = TimeSpan.FromMinutes(1);

    private readonly MqttTopics _topics;
    private readonly BrokerVisit _broker;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<long>> _events;
    private readonly TaskCompletionSource _goodbye = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LinkConnection? _connection;
    private string _status = "";
    private int _repeated;

    /// <param name="port">Where the broker listens on loopback.</param>
    /// <param name="topics">The node's topics.</param>
    /// <param name="time">The clock.</param>
    public SoakWitness(int port, MqttTopics topics, TimeProvider time)
    {
        _topics = topics;
        _events = topics.Cameras.ToDictionary(camera => topics.Camera(camera).Events, _ => new HashSet<long>());
        _broker = new BrokerVisit(new MqttOptions { Port = port, KeepAlive = s_keepAlive }, "soak", time);
    }

    /// <summary>Events that arrived, each once.</summary>
    public int Events
    {
        get
        {
            lock (_lock)
                return _events.Values.Sum(numbers => numbers.Count);
        }
    }

    /// <summary>Events that arrived once more.</summary>
    public int Repeated
    {
        get
        {
            lock (_lock)
                return _repeated;
        }
    }

    /// <summary>The node's status, as it came last.</summary>
    public string Status
    {
        get
        {
            lock (_lock)
                return _status;
        }
    }

    /// <summary>Why this subscriber itself was cut off, so that its counts mean nothing; null: it was not.</summary>
    public string? Fault => _connection!.Lost.IsCompleted ? _connection.Lost.Result.Sentence : null;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="BrokerException">The broker does not serve it.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        IEnumerable<string> filters = [_topics.Status, .. _events.Keys];
        Subscription[] subscriptions = [.. filters.Select(filter => new Subscription(filter, Note, false, []))];
        (_connection, var fault) = await _broker.TryConnectAsync(subscriptions, cancellationToken).ConfigureAwait(false);
        if (_connection is null)
            throw new BrokerException(fault!);
    }

    /// <summary>Waits until the node has said <c>stopped</c>, which comes after everything else; not for ever.</summary>
    public async Task GoodbyeAsync(TimeSpan within, TimeProvider time)
    {
        try
        {
            await _goodbye.Task.WaitAsync(within, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The status tells.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection?.Dispose();
        _broker.Dispose();
    }

    private void Note(InboundMessage message)
    {
        lock (_lock)
        {
            if (message.Topic == _topics.Status)
            {
                _status = Encoding.UTF8.GetString(message.Payload.Span);
                if (_status == "stopped")
                    _goodbye.TrySetResult();
                return;
            }

            using var json = JsonDocument.Parse(message.Payload);
            if (!_events[message.Topic].Add(json.RootElement.GetProperty("seq").GetInt64()))
                _repeated++;
        }
    }
}
