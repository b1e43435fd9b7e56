using System.Text;
using System.Text.Json.Nodes;
using FaceLandmark.Capture;
using FaceLandmark.Events;
using FaceLandmark.Faces;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Tests.Publish;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Events;

public sealed class FaceWatchTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_frame_that_changes_nothing_costs_no_memory()
    {
        var watch = Watch(out _);
        var work = Samples.Work();
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 100; i++)
            Show(watch, work);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            watch.Publish(work);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100);
    }

    [Fact]
    public void The_summary_follows_every_change_at_most_twice_a_second()
    {
        var watch = Watch(out var link);
        var work = Samples.Work();
        var seen = new HashSet<string>();
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var frame = 0; frame < 90; frame++) // 3 s, and the head never rests
        {
            work.Faces[0].Pose = new HeadPose(frame, 0, 0);
            Show(watch, work);
            seen.Add(Summary(link));
        }

        Assert.InRange(seen.Count, 5, 7);
        Assert.Equal(1, (int)JsonNode.Parse(Summary(link))!["count"]!);
    }

    [Fact]
    public void The_summary_tells_closed_eyes_by_what_is_usual_for_them()
    {
        var watch = Watch(out var link);
        var work = Samples.Work();
        (work.Faces[0].LeftEye, work.Faces[0].RightEye, work.Faces[0].Pose) = (0.8f, 0.8f, default);
        _time.Advance(TimeSpan.FromSeconds(1));
        Show(watch, work);
        Assert.True((bool)JsonNode.Parse(Summary(link))!["eyesOpen"]!["left"]!);
        work.Faces[0].LeftEye = 0.3f;
        _time.Advance(TimeSpan.FromSeconds(1));
        Show(watch, work);
        Assert.False((bool)JsonNode.Parse(Summary(link))!["eyesOpen"]!["left"]!);
        Assert.True((bool)JsonNode.Parse(Summary(link))!["eyesOpen"]!["right"]!);
    }

    [Fact]
    public void A_camera_that_delivers_nothing_sees_nobody()
    {
        var watch = Watch(out var link);
        Assert.False((bool)JsonNode.Parse(Summary(link))!["present"]!);
        _time.Advance(TimeSpan.FromSeconds(1));
        Show(watch, Samples.Work());
        Assert.True((bool)JsonNode.Parse(Summary(link))!["present"]!);
        watch.Follow(new CameraStatus("cam0", CameraCondition.Stalled, "No frame.", Samples.CapturedAt, null));
        Assert.False((bool)JsonNode.Parse(Summary(link))!["present"]!);
    }

    private FaceWatch Watch(out MqttLink link)
    {
        link = Samples.Link(Samples.Metrics(_time), _time);
        return new FaceWatch(link, Samples.Topics(), Samples.Identity, new EventsOptions(), _time);
    }

    private void Show(FaceWatch watch, FrameWork work)
    {
        _time.Advance(TimeSpan.FromSeconds(1 / 30.0));
        work.CapturedAt += TimeSpan.FromSeconds(1 / 30.0);
        work.Timestamp = _time.GetTimestamp();
        work.Sequence++;
        watch.Publish(work);
    }

    private static string Summary(MqttLink link) => Encoding.UTF8.GetString(link.StateOf("facelandmark/node7/cameras/cam0/summary")!);
}
