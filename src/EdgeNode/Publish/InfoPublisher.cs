using FaceLandmark.Mqtt;

namespace FaceLandmark.Publish;

/// <summary>Keeps the retained topic <c>info</c> up to date. Thread-safe.</summary>
internal sealed class InfoPublisher(MqttLink link, MqttTopics topics, Func<NodeFacts> facts)
{
    private readonly Lock _lock = new();

    /// <summary>Something of it changed.</summary>
    public void Publish()
    {
        lock (_lock) // the newest facts last
            link.SetState(topics.Info, InfoMessage.Of(facts()).ToBytes());
    }
}
