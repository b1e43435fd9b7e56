using System.Text.Json;
using System.Text.Json.Nodes;
using FaceLandmark.IntegrationTests.Mqtt;
using Microsoft.Playwright;
using OpenCvSharp;

namespace FaceLandmark.Tests.NodeRed;

/// <summary>
/// Whether what is drawn lies where the faces are: what a page holds at one moment, compared with the node's own message and with a fresh
/// look at its picture.
/// </summary>
internal static class DrawnPicture
{
    private const int Pictures = 4;

    // Both layers of the picture at the same moment; the points are those of the frame that the page names.
    private const string Layers = """
        seq => { const points = document.querySelector('.fl-points'), photo = document.querySelector('.fl-photo');
            return Number(points.dataset.seq) > seq && points.dataset.faces > 1 && photo.width > 1
                && { seq: Number(points.dataset.seq), points: points.toDataURL('image/png'), photo: photo.toDataURL('image/png') }; }
        """;

    /// <summary>
    /// Compares a page with the landmarks messages of its camera, to which the subscriber listens: some pictures of several faces each.
    /// </summary>
    public static async Task CompareAsync(IPage page, Subscriber landmarks, Func<byte[], JsonNode> decode)
    {
        var folder = Directory.CreateTempSubdirectory("drawn-").FullName;
        try
        {
            var drawn = new List<List<List<(double X, double Y)>>>();
            var seq = (int)decode((await landmarks.NextAsync()).Payload)["seq"]!;
            while (drawn.Count < Pictures)
            {
                var handle = await page.WaitForFunctionAsync(Layers, seq);
                var seen = await handle.JsonValueAsync<JsonElement>();
                seq = seen.GetProperty("seq").GetInt32();
                var all = await landmarks.UntilAsync(message => (int)decode(message.Payload)["seq"]! == seq);
                var message = decode(all[^1].Payload);
                using var points = Layer(seen, "points");
                using var photo = Layer(seen, "photo");
                using var bare = photo.CvtColor(ColorConversionCodes.BGRA2BGR);
                var faces = message["faces"]!.AsArray().Select(face => Points(face!)).ToList();
                AssertDrawn(points, faces, (double)points.Width / (int)message["frame"]!["width"]!);
                Cv2.ImWrite(Path.Combine(folder, $"{drawn.Count}.png"), bare);
                drawn.Add(faces);
            }

            await CompareWithPhotographsAsync(folder, drawn);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AssertDrawn(Mat points, List<List<(double X, double Y)>> faces, double scale)
    {
        foreach (var face in faces)
            foreach (var (x, y) in face[60..76].Append(face[96]).Append(face[97])) // both eyes and the pupils
                Assert.True(IsDrawn(points, x * scale, y * scale), $"Nothing is drawn at {x} {y}.");
        Assert.True(IsEmptyBeside(points, faces, scale), "Something is drawn far from any face.");
    }

    // The same program, asked for the landmarks of the pictures that the page showed, without knowing of any message. A face that is being
    // followed need not be found by a fresh look, so most of all have to be.
    private static async Task CompareWithPhotographsAsync(string folder, List<List<List<(double X, double Y)>>> drawn)
    {
        var (status, output, errors) = await NodeProcess.RunAsync("image", "--json", folder);
        Assert.True(status == 0, errors);
        var found = output
            .TrimEnd()
            .Split('\n')
            .Select(line => JsonNode.Parse(line)!)
            .ToDictionary(
                message => Path.GetFileName((string)message["file"]!),
                message => message["faces"]!.AsArray().Select(face => Points(face!)).ToList()
            );
        var nearest = drawn
            .SelectMany(
                (faces, i) => faces.Select(face => found[$"{i}.png"].Select(other => Eyes(face, other)).DefaultIfEmpty(double.NaN).Min())
            )
            .ToList();
        Assert.True(
            nearest.Count(apart => apart < 0.15) * 2 > nearest.Count,
            $"The eyes are beside the pictures' by {string.Join(", ", nearest)} of their distance; NaN: none was found."
        );
    }

    // Mean distance of the eyes' points in parts of the distance between the outer corners.
    private static double Eyes(List<(double X, double Y)> one, List<(double X, double Y)> other) =>
        Enumerable.Range(60, 16).Average(i => double.Hypot(one[i].X - other[i].X, one[i].Y - other[i].Y))
        / double.Hypot(one[60].X - one[72].X, one[60].Y - one[72].Y);

    private static bool IsDrawn(Mat layer, double x, double y)
    {
        for (var dy = -2; dy <= 2; dy++)
            for (var dx = -2; dx <= 2; dx++)
            {
                var (px, py) = ((int)x + dx, (int)y + dy);
                if (px < 0 || py < 0 || px >= layer.Width || py >= layer.Height || layer.At<Vec4b>(py, px).Item3 > 128)
                    return true; // a point outside the picture cannot be seen
            }

        return false;
    }

    private static bool IsEmptyBeside(Mat layer, List<List<(double X, double Y)>> faces, double scale)
    {
        using var alpha = layer.ExtractChannel(3);
        foreach (var face in faces)
        {
            var (left, top) = (face.Min(point => point.X), face.Min(point => point.Y));
            var (width, height) = (face.Max(point => point.X) - left, face.Max(point => point.Y) - top);
            var room = (int)(scale * 0.1 * Math.Max(width, height)) + 80; // the box's corners and the plate above it
            alpha.Rectangle(
                new Rect(
                    (int)(left * scale) - room,
                    (int)(top * scale) - room,
                    (int)(width * scale) + (2 * room),
                    (int)(height * scale) + (2 * room)
                ),
                Scalar.Black,
                -1
            );
        }

        return alpha.CountNonZero() == 0;
    }

    private static List<(double X, double Y)> Points(JsonNode face) =>
        [.. face["points"]!.AsArray().Select(point => ((double)point![0]!, (double)point[1]!))];

    private static Mat Layer(JsonElement seen, string name) =>
        Cv2.ImDecode(Convert.FromBase64String(seen.GetProperty(name).GetString()!.Split(',')[1]), ImreadModes.Unchanged);
}
