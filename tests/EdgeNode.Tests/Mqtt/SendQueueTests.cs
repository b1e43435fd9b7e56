using FaceLandmark.Mqtt;

namespace FaceLandmark.Tests.Mqtt;

public sealed class SendQueueTests
{
    private readonly List<string> _dropped = [];
    private readonly SendQueue _queue;

    public SendQueueTests()
    {
        _queue = new SendQueue(100, message => _dropped.Add(message.Message.Topic));
        _queue.Open();
    }

    [Fact]
    public void A_full_lane_loses_its_own_oldest_and_no_other_does()
    {
        Add(MessageClass.Event, 3, qos: 1);
        Add(MessageClass.Landmarks, 105);
        Assert.Equal(["Landmarks0", "Landmarks1", "Landmarks2", "Landmarks3", "Landmarks4"], _dropped);
        Assert.Equal(103, _queue.Count);
        Assert.Equal(["Event0", "Event1", "Event2"], Take(MessageClass.Event, qos: 1));
        Assert.Equal("Landmarks5", Take(MessageClass.Landmarks)[0]);
    }

    [Fact]
    public void Few_previews_wait()
    {
        Add(MessageClass.Preview, 100);
        Assert.Equal(SendQueue.PreviewsAtMost, _queue.Count);
        Assert.Equal("Preview99", Take(MessageClass.Preview)[^1]);
    }

    [Fact]
    public void What_needs_no_receipt_is_in_another_lane_than_what_does()
    {
        Add(MessageClass.Report, 1, qos: 1);
        Add(MessageClass.Report, 1);
        Assert.True(SendQueue.IsAcknowledged(Lane(MessageClass.Report, 1)));
        Assert.False(SendQueue.IsAcknowledged(Lane(MessageClass.Report, 0)));
        Assert.True(_queue.Has(Lane(MessageClass.Report, 0)) && _queue.Has(Lane(MessageClass.Report, 1)));
        Assert.Equal(MessageClass.Report, SendQueue.ClassOf(Lane(MessageClass.Report, 1)));
    }

    [Fact]
    public void A_closed_queue_takes_nothing_and_gives_back_what_waits()
    {
        Add(MessageClass.Answer, 2, qos: 1);
        Assert.Equal(2, _queue.Close().Count);
        Assert.False(_queue.TryAdd(new MqttMessage("t", new byte[1], MessageClass.Report)));
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void The_payload_is_copied()
    {
        byte[] payload = [1, 2, 3];
        _queue.TryAdd(new MqttMessage("t", payload, MessageClass.Report));
        payload[0] = 9;
        Assert.True(_queue.TryTake(Lane(MessageClass.Report, 0), out var message));
        Assert.Equal([1, 2, 3], message.Message.Payload.ToArray());
    }

    private static int Lane(MessageClass kind, int qos) => (2 * (int)kind) + qos;

    private void Add(MessageClass kind, int count, int qos = 0)
    {
        for (var i = 0; i < count; i++)
            Assert.True(_queue.TryAdd(new MqttMessage($"{kind}{i}", new byte[1], kind) { Qos = qos }));
    }

    private List<string> Take(MessageClass kind, int qos = 0)
    {
        var taken = new List<string>();
        while (_queue.TryTake(Lane(kind, qos), out var message))
            taken.Add(message.Message.Topic);
        return taken;
    }
}
