using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FaceLandmark.IntegrationTests.Mqtt;
using FaceLandmark.Tests.Browser;
using OpenCvSharp;

namespace FaceLandmark.Tests.Web;

/// <summary>Whether the page draws the points where the faces of its picture are, read by somebody else.</summary>
[Collection(Alone.Name)]
public sealed class SeenPointsTests(ChromiumBrowser browser, PageNode node) : IClassFixture<PageNode>
{
    private const int LeftPupil = 96;
    private const int Pictures = 8;

    // Both canvases as they are on the screen now, and which frame each says it shows.
    private const string Canvases = """
        () => {
            const [picture, points] = document.querySelectorAll('[data-camera=cam0] canvas');
            const bare = canvas => canvas.toDataURL('image/png').split(',')[1];
            return [picture.dataset.seq, points.dataset.seq, bare(picture), bare(points)];
        }
        """;

    [Fact]
    public async Task Points_lie_on_the_faces_of_the_picture_they_belong_to()
    {
        await using var landmarks = await Subscriber.StartAsync(node.BrokerPort, "facelandmark/page/cameras/cam0/landmarks");
        var messages = new ConcurrentDictionary<string, JsonNode>();
        await using var page = await node.OpenAliveAsync(browser, 1440, 900);
        var eyes = new List<double[]>();
        await page.ShowsAsync("() => document.querySelectorAll('.faces tbody tr').length > 2");
        await page.PictureAsync("live-page");
        var last = "";
        for (var seen = 0; seen < Pictures; seen++)
        {
            await page.ShowsAsync($"() => document.querySelector('[data-camera=cam0] canvas').dataset.seq !== '{last}'");
            var canvases = await page.Page.EvaluateAsync<string[]>(Canvases);
            last = canvases[0];
            Assert.Equal(last, canvases[1]);
            while (!messages.ContainsKey(last))
            {
                var message = JsonNode.Parse((await landmarks.NextAsync()).Payload)!;
                messages[message["seq"]!.ToString()] = message;
            }

            using var picture = Cv2.ImDecode(Convert.FromBase64String(canvases[2]), ImreadModes.Grayscale);
            using var points = Cv2.ImDecode(Convert.FromBase64String(canvases[3]), ImreadModes.Unchanged);
            var faces = messages[last]["faces"]!.AsArray().Select(face => face!).ToList();
            AssertDrawn(points, faces, (double)points.Width / picture.Width);
            foreach (var face in faces.Where(face => (double)face["box"]![2]! >= 60))
                eyes.AddRange([Around(picture, face, LeftPupil), Around(picture, face, LeftPupil + 1)]);
        }

        // Irises are dark, in the mean clearly darker than what lies above and below.
        Assert.True(eyes.Count >= 2 * Pictures, $"only {eyes.Count} eyes seen");
        var (at, above, below) = (eyes.Average(eye => eye[0]), eyes.Average(eye => eye[1]), eyes.Average(eye => eye[2]));
        Assert.True(at < 0.9 * Math.Min(above, below), $"brightness {at} at the pupils, {above} above, {below} below");
    }

    // Every point, to a pixel, is drawn; outside of all faces and their labels (which the edge can push to either side) nothing is.
    private static void AssertDrawn(Mat points, List<JsonNode> faces, double scale)
    {
        using var alpha = points.ExtractChannel(3);
        using var around = Mat.Zeros(points.Size(), MatType.CV_8U).ToMat();
        foreach (var face in faces)
        {
            foreach (
                var (x, y) in PointsOf(face)
                    .Where(point =>
                        scale * point.X >= 1
                        && scale * point.Y >= 1
                        && scale * point.X < points.Width - 1
                        && scale * point.Y < points.Height - 1
                    )
            )
                Assert.True(alpha.At<byte>((int)(y * scale), (int)(x * scale)) > 0, $"nothing is drawn at {x}, {y}");
            var box = face["box"]!.AsArray().Select(value => scale * (double)value!).ToArray();
            var margin = 0.1 * Math.Max(box[2], box[3]);
            Cv2.Rectangle(
                around,
                new Rect(
                    (int)(box[0] - margin - 60),
                    (int)(box[1] - margin - 40),
                    (int)(box[2] + (2 * margin) + 120),
                    (int)(box[3] + (2 * margin) + 40)
                ),
                Scalar.White,
                -1
            );
        }

        using var stray = new Mat();
        alpha.CopyTo(stray, ~around);
        Assert.Equal(0, Cv2.CountNonZero(stray));
    }

    // Brightness at a pupil, and as far above and below it as a brow and a cheek are.
    private static double[] Around(Mat picture, JsonNode face, int pupil)
    {
        var all = PointsOf(face);
        var (dx, dy) = (all[LeftPupil + 1].X - all[LeftPupil].X, all[LeftPupil + 1].Y - all[LeftPupil].Y);
        return
        [
            .. new[] { 0, -0.4, 0.4 }.Select(part =>
                Brightness(picture, (all[pupil].X - (part * dy), all[pupil].Y + (part * dx)), 0.12 * Math.Sqrt((dx * dx) + (dy * dy)))
            ),
        ];
    }

    private static double Brightness(Mat picture, (double X, double Y) at, double radius)
    {
        using var disc = Mat.Zeros(picture.Size(), MatType.CV_8U).ToMat();
        Cv2.Circle(disc, new Point((int)at.X, (int)at.Y), Math.Max(1, (int)Math.Round(radius)), Scalar.White, -1);
        return Cv2.Mean(picture, disc).Val0;
    }

    private static List<(double X, double Y)> PointsOf(JsonNode face) =>
        [.. face["points"]!.AsArray().Select(point => ((double)point![0]!, (double)point[1]!))];
}
