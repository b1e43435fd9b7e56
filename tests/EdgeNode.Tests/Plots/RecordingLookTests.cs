using FaceLandmark.Faces;
using FaceLandmark.Mqtt;
using FaceLandmark.Plots;
using FaceLandmark.Publish;
using FaceLandmark.Recordings;
using FaceLandmark.Tests.Capture;
using FaceLandmark.Tests.Publish;

namespace FaceLandmark.Tests.Plots;

/// <summary>What is read out of recordings before anything is drawn.</summary>
public sealed class RecordingLookTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_recording_is_counted_by_camera_engine_face_event_and_gap()
    {
        var lines = new RecordedLines();
        for (var i = 0; i < 100; i++)
            lines.FrameOf(
                "n",
                "cam0",
                "s",
                "onnx",
                0.1 * i,
                i + 1 + (i >= 50 ? 3 : 0),
                10 + i,
                i == 50 ? 3 : 0,
                i < 30 ? [RecordedLines.Face(1, yaw: i)] : []
            );
        lines.Event(10, "appeared", 1).Event(10.1, "blink", 1, 0.1).Gap(10.3, since: 10.2).Missing(10.4, 4);
        lines.FrameOf("n", "other", "s", "onnx", 10.5, 1, 5, 0);
        var (survey, files) = Look(lines.Save(At("r.jsonl")));

        Assert.Equal(["cam0", "other"], survey.Cameras.Select(camera => camera.Title));
        var cam0 = survey.Cameras[0];
        Assert.Equal((100, 30, 3, 4, 1), (cam0.Frames, cam0.FramesWithFaces, cam0.Dropped, cam0.Missing, cam0.MostAtOnce));
        Assert.Equal(59.5, cam0.Engines["onnx"].Percentile(0.5), 2.0);
        Assert.Equal(109, cam0.Engines["onnx"].Percentile(1));
        var face = Assert.Single(cam0.Faces);
        Assert.Equal((1, 30, 14.5), (face.Key.Id, face.Frames, face.MeanPose.Yaw));
        Assert.Equal(1, face.Best.Sequence); // that looks into the camera
        Assert.Equal(2.9, survey.Seconds(face.Last), 0.001);
        Assert.Equal(1, face.Events["blink"]);
        Assert.Equal(2, survey.EventKinds.Values.Sum());
        Assert.Equal(2, survey.GapCount);
        Assert.False(files.IsFilm);
        Assert.Empty(files.Remarks);
    }

    [Fact]
    public void Two_engines_on_one_frame_are_one_frame_whose_points_are_compared()
    {
        var lines = new RecordedLines();
        for (var i = 0; i < 10; i++)
        {
            lines.FrameOf("n", "cam0", "s", "onnx", i, i, 10, 0, RecordedLines.Face(1), RecordedLines.Face(2));
            lines.FrameOf("n", "cam0", "s", "drpai", i, i, 30, 0, RecordedLines.Face(1, shift: 3));
        }

        var (survey, _) = Look(lines.Save(At("r.jsonl")));
        var camera = survey.Cameras[0];
        Assert.Equal((10, 10), (camera.Frames, camera.Agreement.Faces));
        Assert.Equal(["drpai", "onnx"], camera.Engines.Keys);
        Assert.Equal((3, 3), (camera.Agreement.MeanPx, camera.Agreement.MaxPx));
        Assert.Equal(100 * 3 / Math.Sqrt((12 * 12) + (2 * 2)), camera.Agreement.MeanPercent, 0.01); // points 60 and 72
    }

    [Fact]
    public void Numbers_of_faces_begin_again_with_each_start_of_the_node()
    {
        var lines = new RecordedLines();
        lines.FrameOf("n", "cam0", "a", "onnx", 0, 1, 10, 0, RecordedLines.Face(1));
        lines.FrameOf("n", "cam0", "b", "onnx", 1, 1, 10, 0, RecordedLines.Face(1));
        var camera = Look(lines.Save(At("r.jsonl"))).Survey.Cameras[0];
        Assert.Equal(["face 1 of start 1", "face 1 of start 2"], camera.Faces.Select(face => camera.NameOf(face.Key)));
    }

    [Fact]
    public void A_message_that_came_twice_counts_once()
    {
        var lines = new RecordedLines().Frame(0, 1).Frame(0.1, 1).Frame(0.2, 2);
        Assert.Equal(2, Look(lines.Save(At("r.jsonl"))).Survey.Cameras[0].Frames);
    }

    [Fact]
    public void Cameras_of_the_same_name_are_told_apart_by_their_nodes()
    {
        var lines = new RecordedLines().FrameOf("a", "cam0", "s", "onnx", 0, 1, 1, 0).FrameOf("b", "cam0", "s", "onnx", 0, 1, 1, 0);
        Assert.Equal(["a cam0", "b cam0"], Look(lines.Save(At("r.jsonl"))).Survey.Cameras.Select(camera => camera.Title));
    }

    [Fact]
    public void Parts_of_a_recording_are_put_in_order_and_times_that_go_back_are_said()
    {
        var second = new RecordedLines(10).Frame(10, 11).Frame(11, 12).Frame(10.5, 13).Save(At("r-2.jsonl"));
        var first = new RecordedLines().Frame(0, 1).Save(At("r.jsonl"));
        var (survey, files) = Look(second, first);
        Assert.Equal([first, second], files.Paths);
        Assert.Equal(11, survey.Seconds(survey.End));
        Assert.Equal($"The times in '{second}' go back once: those messages stand where their times say.", Assert.Single(files.Remarks));
        Assert.Equal(0, files.BadLines);
    }

    [Theory]
    [InlineData("""{"at":"2026-05-04T03:02:05.000""")]
    [InlineData("""{"at":"2026-05-04T03:02:05.000000000Z","topic":"facelandmark/n/cameras/cam0/landmarks","message":{"seq":"x"}}""")]
    [InlineData("""{"at":"2026-05-04T03:02:05.000000000Z","topic":"a/cameras/c/landmarks","message":{"seq":1,"faces":[{"id":"x"}]}}""")]
    [InlineData("""{"at":"2026-05-04T03:02:05.000000000Z","topic":"a/c/landmarks","message":{"seq":1,"faces":[],"session":"\ud800"}}""")]
    [InlineData("""{"at":"2026-05-04T03:02:05.000000000Z","topic":"\ud800","message":{}}""")]
    [InlineData("""{"at":"2026-05-04T03:02:05.000000000Z","topic":"a/c/landmarks","base64":"gYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGB"}""")]
    public void A_line_that_cannot_be_read_is_left_out_and_said(string line)
    {
        var (survey, files) = Look(new RecordedLines().Frame(0, 1).Frame(1, 2).Line(line).Save(At("r.jsonl")));
        Assert.Equal(2, survey.Cameras[0].Frames);
        Assert.Equal(1, files.BadLines);
        var remark = Assert.Single(files.Remarks);
        Assert.StartsWith($"1 line of '{At("r.jsonl")}' cannot be read and was left out", remark, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("name,age\n1,2\n", "is no recording of FaceLandmark: give what `record`, or `video` with --jsonl or --csv, has written.")]
    [InlineData("\u007fELF\u0001\u0002", "is no recording of FaceLandmark")]
    [InlineData(null, "is missing; correct the path.")]
    public void Files_of_other_programs_are_refused(string? content, string reason)
    {
        if (content is not null)
            File.WriteAllText(At("f"), content);
        var refusal = Assert.Throws<RecordingException>(() => Look(At("f")));
        Assert.Contains($"'{At("f")}' {reason}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_under_a_name_that_stands_there_twice_are_read()
    {
        File.WriteAllText(At("f.csv"), FilmRows.Beginning + "success,pose_Rx,pose_Ry,pose_Rz\n1,1,0.033,0.9,1,0.1,1,0.1,0.2,0.3\n");
        Look(At("f.csv"));
    }

    [Fact]
    public void A_recording_and_a_film_have_no_common_time()
    {
        File.WriteAllText(At("f.csv"), FilmRows.Beginning + "\n");
        var recording = new RecordedLines().Frame(0, 1).Save(At("r.jsonl"));
        var refusal = Assert.Throws<RecordingException>(() => Look(recording, At("f.csv")));
        Assert.Contains("no common time", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Landmarks_in_CBOR_say_what_those_in_JSON_say()
    {
        var work = Samples.Work();
        var cbor = SeenMessages.Landmarks(new LandmarksCbor().Write(work, "n", TimeProvider.System).ToArray(), default, "c")!;
        using var buffer = new MemoryStream();
        using (var writer = new System.Text.Json.Utf8JsonWriter(buffer, MessageJson.WriterOptions))
            LandmarksMessage.Write(writer, work, "n", TimeProvider.System);
        var json = SeenMessages.Landmarks(buffer.ToArray(), default, "c")!;
        Assert.Equal(json with { Faces = cbor.Faces, Milliseconds = cbor.Milliseconds }, cbor);
        Assert.Equal(json.Milliseconds!.Value, cbor.Milliseconds!.Value, 0.001);
        var (one, other) = (Assert.Single(json.Faces), Assert.Single(cbor.Faces));
        Assert.Equal(work.Faces[0].Points, one.Points, (a, b) => Math.Abs(a - b) < 0.0051);
        Assert.Equal(one.Points, other.Points, (a, b) => Math.Abs(a - b) < 0.001);
        Assert.Equal(one.Box.Width, other.Box.Width, 0.001);
        Assert.Equal(one.Pose.Yaw, other.Pose.Yaw, 0.01);
        Assert.Equal(98 * 2, one.Points.Length);
    }

    [Fact]
    public void Angles_of_rows_are_the_pose_that_they_were_made_from()
    {
        (float, float, float)[] poses = [(0, 0, 0), (30, 0, 0), (0, -20, 0), (0, 0, 40), (-50, 25, 70), (60, -35, -120)];
        foreach (var (yaw, pitch, roll) in poses)
        {
            var angles = HeadAxes.Of(new HeadPose(yaw, pitch, roll)).Angles;
            var pose = HeadAxes.PoseOf(angles.X, angles.Y, angles.Z);
            Assert.Equal(yaw, pose.Yaw, 0.001);
            Assert.Equal(pitch, pose.Pitch, 0.001);
            Assert.Equal(roll, pose.Roll, 0.001);
        }
    }

    private static (RecordingSurvey Survey, PlotFiles Files) Look(params string[] paths)
    {
        var (survey, files) = (new RecordingSurvey(), new PlotFiles(paths, "facelandmark"));
        files.Read(survey, TestContext.Current.CancellationToken);
        survey.NameCameras();
        return (survey, files);
    }

    private string At(string name) => Path.Combine(_folder.Path, name);
}
