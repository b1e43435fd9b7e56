using FaceLandmark.Events;
using FaceLandmark.Faces;
using FaceLandmark.Tests.Publish;

namespace FaceLandmark.Tests.Events;

/// <summary>Which events follow from what is seen of a face, at 20 frames a second.</summary>
public sealed class FollowedFaceTests
{
    private readonly List<FaceEvent> _events = [];
    private readonly Face _face = new(98) { LeftEye = 0.8f, RightEye = 0.8f };
    private readonly FollowedFace _followed = new(7, Now(0), new EventsOptions(), TimeProvider.System);
    private TimeSpan _jump;
    private int _frame;

    [Fact]
    public void A_face_has_appeared_when_it_stays_and_left_when_it_was_last_seen()
    {
        Show(5);
        Assert.Empty(_events);
        Show(5);
        Assert.Equal(new FaceEvent("appeared", Samples.CapturedAt, 7, 6), Assert.Single(_events));
        _followed.Leave(30, _events.Add);
        Assert.Equal(new FaceEvent("left", At(9), 7, 30, 0.45, At(0)), _events[^1]);
    }

    [Fact]
    public void A_face_that_flickers_neither_appears_nor_leaves()
    {
        Show(3);
        _followed.Leave(30, _events.Add);
        Assert.Empty(_events);
    }

    [Fact]
    public void Eyes_that_close_briefly_blink()
    {
        Show(10);
        (_face.LeftEye, _face.RightEye) = (0.05f, 0.05f);
        Show(3);
        (_face.LeftEye, _face.RightEye) = (0.8f, 0.8f);
        Show(2);
        Assert.Equal(["appeared", "blink"], _events.Select(one => one.Kind));
        Assert.Equal(0.15, _events[^1].Seconds!.Value, 0.001);
    }

    [Fact]
    public void Eyes_that_stay_closed_are_told_once_and_are_no_blink()
    {
        Show(10);
        (_face.LeftEye, _face.RightEye) = (0, 0);
        Show(60);
        (_face.LeftEye, _face.RightEye) = (0.8f, 0.8f);
        Show(5);
        Assert.Equal(["appeared", "eyesClosed"], _events.Select(one => one.Kind));
        Assert.Equal((At(10), 1.0), (_events[^1].At, _events[^1].Seconds!.Value));
    }

    [Theory]
    [InlineData(0.8f, 0.3f, 1)] // as far as the network closes an eye at least
    [InlineData(0.4f, 0.1f, 1)] // narrow eyes
    [InlineData(0.8f, 0.45f, 0)] // a look down
    [InlineData(0.8f, 0.55f, 0)] // a laugh
    [InlineData(0.3f, 0.25f, 0)] // narrow eyes are open
    public void Eyes_are_closed_by_what_is_usual_for_them(float open, float narrow, int blinks)
    {
        (_face.LeftEye, _face.RightEye) = (open, open);
        Show(40);
        (_face.LeftEye, _face.RightEye) = (narrow, narrow);
        Show(4);
        (_face.LeftEye, _face.RightEye) = (open, open);
        Show(4);
        Assert.Equal(blinks, _events.Count(one => one.Kind == "blink"));
    }

    [Fact]
    public void Eyes_that_stay_closed_for_long_are_not_taken_for_open_ones()
    {
        Show(40);
        (_face.LeftEye, _face.RightEye) = (0.3f, 0.3f);
        Show(100);
        (_face.LeftEye, _face.RightEye) = (0.8f, 0.8f);
        Show(4);
        Assert.Equal(["appeared", "eyesClosed"], _events.Select(one => one.Kind));
    }

    [Fact]
    public void One_eye_is_a_wink_and_eyes_of_a_turned_head_say_nothing()
    {
        Show(10);
        _face.LeftEye = 0;
        Show(3);
        _face.LeftEye = 0.8f;
        Show(3);
        _face.Pose = new HeadPose(33, 0, 0);
        (_face.LeftEye, _face.RightEye) = (0, 0);
        Show(30);
        Assert.Equal(["appeared"], _events.Select(one => one.Kind));
    }

    [Fact]
    public void A_long_open_mouth_is_a_yawn_and_a_long_turned_head_looks_away()
    {
        Show(10);
        _face.Mouth = 0.9f;
        Show(40);
        _face.Mouth = 0;
        _face.Pose = new HeadPose(-50, 0, 0);
        Show(60);
        Assert.Equal(["appeared", "yawn", "lookingAway"], _events.Select(one => one.Kind));
    }

    [Theory]
    [InlineData(3650)]
    [InlineData(-3650)]
    public void A_clock_that_jumps_changes_no_duration(int days)
    {
        Show(10);
        (_face.LeftEye, _face.RightEye) = (0, 0);
        Show(2);
        _jump = TimeSpan.FromDays(days);
        Show(1);
        (_face.LeftEye, _face.RightEye) = (0.8f, 0.8f);
        Show(10);
        _followed.Leave(30, _events.Add);
        Assert.Equal(["appeared", "blink", "left"], _events.Select(one => one.Kind));
        Assert.Equal([0.15, 1.1], _events.Skip(1).Select(one => Math.Round(one.Seconds!.Value, 3)));
    }

    private static Moment Now(int frame) => new(At(frame), frame * TimeProvider.System.TimestampFrequency / 20);

    private static DateTimeOffset At(int frame) => Samples.CapturedAt.AddMilliseconds(50 * frame);

    private void Show(int frames)
    {
        for (; frames > 0; frames--)
        {
            _followed.See(_face, Now(_frame) with { At = At(_frame) + _jump }, _frame, _events.Add);
            _frame++;
        }
    }
}
