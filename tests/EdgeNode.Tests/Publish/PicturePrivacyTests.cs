using System.Text.Json;
using FaceLandmark.Capture;
using FaceLandmark.Control;
using FaceLandmark.Faces;
using FaceLandmark.Locate;
using FaceLandmark.Mqtt;
using FaceLandmark.Publish;
using FaceLandmark.Tests.Events;
using FaceLandmark.Tests.Locate;
using Microsoft.Extensions.Time.Testing;
using OpenCvSharp;

namespace FaceLandmark.Tests.Publish;

/// <summary>What of a picture is left when faces are hidden: the pixels themselves.</summary>
public sealed class PicturePrivacyTests : IDisposable
{
    private const int Sample = 4;
    private readonly FramePool _pool = new();
    private readonly FramePicture _picture = new();

    public void Dispose()
    {
        _picture.Dispose();
        Assert.Equal(0, _pool.Outstanding);
        _pool.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.5f)]
    public void Blurred_faces_have_no_detail_and_are_no_faces_to_the_detector_and_the_rest_is_as_it_was(float scale)
    {
        using var frame = Photograph.Still(_pool, Sample);
        using var detector = new BlazeFaceDetector(new LocateOptions());
        var found = detector.Detect(frame).Select(detection => detection.Box).ToList();
        Assert.Equal(4, found.Count);
        var faces = found
            .Select(
                (box, id) =>
                    new Face(98)
                    {
                        Candidate = new FaceCandidate(id, Region.Around(box)),
                        Box = box,
                        IsPresent = id % 2 == 0, // a face that the network refused is hidden like one that it took
                    }
            )
            .ToArray();
        _picture.Take(frame, scale);
        using var before = Cv2.ImDecode(_picture.ToJpeg(95).ToArray(), ImreadModes.Color);
        _picture.Take(frame, scale);
        _picture.Blur(faces);
        using var after = Cv2.ImDecode(_picture.ToJpeg(95).ToArray(), ImreadModes.Color);

        using var untouched = new Mat(after.Rows, after.Cols, MatType.CV_8UC1, Scalar.All(255));
        foreach (var box in found)
        {
            var face = new Rect((int)(scale * box.X), (int)(scale * box.Y), (int)(scale * box.Width), (int)(scale * box.Height));
            Assert.True(Detail(after, face) < Detail(before, face) / 5, $"{box}: {Detail(before, face)} to {Detail(after, face)}");
            var side = (int)(scale * Math.Max(box.Width, box.Height) * 1.6) + 34; // beyond are blocks of the JPEG with nothing of it
            var (x, y) = ((int)(scale * (box.X + (box.Width / 2))), (int)(scale * (box.Y + (box.Height / 2))));
            Cv2.Rectangle(untouched, new Rect(x - (side / 2), y - (side / 2), side, side), Scalar.Black, -1);
        }

        Assert.True(Cv2.CountNonZero(untouched) > untouched.Rows * untouched.Cols / 10);
        using var difference = new Mat();
        Cv2.Absdiff(before, after, difference);
        using var outside = new Mat();
        difference.CopyTo(outside, untouched);
        Assert.InRange(Cv2.Norm(outside, NormTypes.INF), 0, 12); // the encoder's codes fit the picture
        using var shown = Photograph.Bgr(_pool, after);
        Assert.Empty(detector.Detect(shown));
    }

    [Fact]
    public void Points_on_black_have_nothing_of_the_picture()
    {
        using var photograph = Photograph.Still(_pool, Sample);
        using var grey = new Mat(photograph.Height, photograph.Width, MatType.CV_8UC3, new Scalar(90, 120, 200));
        using var other = Photograph.Bgr(_pool, grey);
        var face = new Face(98);
        FaceShape.Fill(face, 400, 300, 150);
        _picture.Take(photograph, 0.5f); // what was there before shows through nowhere
        _picture.TakeNothingOf(photograph, 0.5f);
        _picture.Draw([face]);
        var first = _picture.ToJpeg(95).ToArray();
        _picture.TakeNothingOf(other, 0.5f);
        _picture.Draw([face]);
        Assert.Equal(_picture.ToJpeg(95).ToArray(), first);

        using var shown = Cv2.ImDecode(first, ImreadModes.Grayscale);
        Assert.Equal(photograph.Width / 2, shown.Width);
        using var lit = shown.Threshold(60, 255, ThresholdTypes.Binary);
        Assert.InRange(Cv2.CountNonZero(lit), 500, shown.Rows * shown.Cols / 20);
        var where = Cv2.BoundingRect(lit);
        Assert.True(new Rect(100, 30, 220, 240).Contains(where), $"{where}");
    }

    [Fact]
    public async Task With_off_no_picture_is_taken_and_no_command_changes_that()
    {
        var time = new FakeTimeProvider();
        var (metrics, topics) = (Samples.Metrics(time), Samples.Topics("cam0"));
        await using var link = Samples.Link(metrics, time, topics);
        using var previews = new PreviewPublisher(link, topics, new PreviewOptions { Enabled = true }, metrics, time, PicturePrivacy.Off);
        Assert.False(previews.TakeTurn(Samples.Work()));
        Assert.Empty(metrics.Snapshot().Drops);

        using var wish = JsonDocument.Parse("""{"enabled":true}""");
        var refusal = await Assert.ThrowsAsync<CommandException>(() =>
            new PreviewCommand(previews).ExecuteAsync(new CommandArguments(wish.RootElement), TestContext.Current.CancellationToken)
        );
        Assert.Equal("This node publishes no pictures: its Privacy:Preview is off.", refusal.Message);
        using var nothing = JsonDocument.Parse("{}");
        refusal = await Assert.ThrowsAsync<CommandException>(() =>
            new SnapshotCommand(previews, topics).ExecuteAsync(
                new CommandArguments(nothing.RootElement),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal("This node publishes no pictures: its Privacy:Preview is off.", refusal.Message);
        Assert.False(previews.TakeTurn(Samples.Work()));
    }

    [Fact]
    public void Home_Assistant_is_told_of_no_picture_where_there_is_none()
    {
        var topics = new MqttTopics("facelandmark", "node7", ["cam0"]);
        Assert.Contains(HomeAssistantDevice.Of(topics).Components.Values, component => component.Platform == "camera");
        var without = HomeAssistantDevice.Of(topics, hasPictures: false);
        Assert.DoesNotContain(without.Components.Values, component => component.Platform == "camera");
    }

    private static double Detail(Mat picture, Rect face)
    {
        using var part = picture[face & new Rect(0, 0, picture.Cols, picture.Rows)];
        using var grey = part.CvtColor(ColorConversionCodes.BGR2GRAY);
        using var small = grey.Resize(new Size(32, 32), 0, 0, InterpolationFlags.Area); // without the noise of the JPEG
        using var edges = small.Laplacian(MatType.CV_64F);
        Cv2.MeanStdDev(edges, out _, out var deviation);
        return deviation.Val0 * deviation.Val0;
    }
}
