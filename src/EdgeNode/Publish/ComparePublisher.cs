using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;

namespace FaceLandmark.Publish;

/// <summary>Hands compare messages to the link.</summary>
internal sealed class ComparePublisher(MqttLink link, MqttTopics topics) : IResultPublisher
{
    private readonly CompareWindow _window = new();

    /// <inheritdoc/>
    public void Publish(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (work.Twin is not { Fault: null })
            return;
        for (var i = 0; i < work.FaceCount; i++)
        {
            if (double.IsFinite(work.Agreements[i].MeanPercent))
                _window.Add(work.Agreements[i]);
        }

        _window.Measure();
        link.TryEnqueue(
            new MqttMessage(topics.Compare, CompareMessage.Of(work, _window, topics.Node).ToBytes(), MessageClass.Landmarks)
            {
                ContentType = MessageJson.ContentType,
            }
        );
    }
}
