using System.Text.Json;
using FaceLandmark.Mqtt;
using MQTTnet;
using MQTTnet.Protocol;

namespace FaceLandmark.Soak;

/// <summary>
/// A subscriber at the broker itself, beyond the faulty line: which events arrived, and what the node's status is. Thread-safe.
/// </summary>
internal sealed class SoakWitness : IDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly MqttTopics _topics;
    private readonly Lock _lock = new();
    private readonly HashSet<(string Topic, long Number)> _events = [];
    private readonly TaskCompletionSource _goodbye = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _status = "";
    private int _repeated;

    /// <param name="topics">The node's topics.</param>
    public SoakWitness(MqttTopics topics)
    {
        _topics = topics;
        _client.ApplicationMessageReceivedAsync += message =>
        {
            Note(message.ApplicationMessage);
            return Task.CompletedTask;
        };
    }

    /// <summary>Events that arrived, each once.</summary>
    public int Events
    {
        get
        {
            lock (_lock)
                return _events.Count;
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

    /// <summary>Begins to listen.</summary>
    public async Task StartAsync(int port, CancellationToken cancellationToken)
    {
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("soak-witness").Build();
        await _client.ConnectAsync(options, cancellationToken).ConfigureAwait(false);
        foreach (var topic in (string[])[_topics.Status, .. _topics.Cameras.Select(camera => _topics.Camera(camera).Events)])
            await _client.SubscribeAsync(topic, MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken).ConfigureAwait(false);
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
    public void Dispose() => _client.Dispose();

    private void Note(MqttApplicationMessage message)
    {
        lock (_lock)
        {
            if (message.Topic == _topics.Status)
            {
                _status = message.ConvertPayloadToString() ?? "";
                if (_status == "stopped")
                    _goodbye.TrySetResult();
                return;
            }

            using var json = JsonDocument.Parse(message.Payload);
            if (!_events.Add((message.Topic, json.RootElement.GetProperty("seq").GetInt64())))
                _repeated++;
        }
    }
}
