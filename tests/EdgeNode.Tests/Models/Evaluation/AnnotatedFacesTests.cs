using System.Globalization;
using System.IO.Compression;
using FaceLandmark.Faces;
using FaceLandmark.Models.Evaluation;

namespace FaceLandmark.Tests.Models.Evaluation;

public sealed class AnnotatedFacesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_list_is_read_and_its_pictures_come_from_folders_and_zip_files()
    {
        var list = Write("list.txt", Line("val/a.jpg") + "\n\n" + Line("more/b.jpg", attributes: "1 0 0 1 0 1") + "\n");
        Directory.CreateDirectory(Path.Combine(_folder, "val"));
        File.WriteAllBytes(Path.Combine(_folder, "val", "a.jpg"), [1, 2]);
        using (var zip = ZipFile.Open(Path.Combine(_folder, "more.zip"), ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("b.jpg").Open())
            entry.Write([3]);

        var faces = AnnotatedFaces.Read(list);
        using var pictures = new PictureStore([_folder]);
        Assert.Equal([1, 2], pictures.Read(faces[0].Picture));
        Assert.Equal([3], pictures.Read(faces[1].Picture));
        using var only = new PictureStore([Path.Combine(_folder, "more.zip")]);
        Assert.Equal([3], only.Read(faces[1].Picture));
        Assert.Equal((196, new Box(1, 2, 4, 4)), (faces[0].Points.Length, faces[0].Box));
        Assert.Equal(FaceAttributes.None, faces[0].Attributes);
        Assert.Equal(FaceAttributes.Pose | FaceAttributes.MakeUp | FaceAttributes.Blur, faces[1].Attributes);
        var gone = Assert.Throws<ListException>(() => pictures.Read("val/c.jpg"));
        Assert.Contains("val/c.jpg is not in", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_68_points_has_no_attributes_and_is_taken_as_it_stands()
    {
        var face = Assert.Single(AnnotatedFaces.Read(Write("list.txt", Coordinates(68) + " 1 2 5 6 afw/a.jpg")));

        Assert.Equal(("afw/a.jpg", 136, new Box(1, 2, 4, 4)), (face.Picture, face.Points.Length, face.Box));
        Assert.Equal(FaceAttributes.None, face.Attributes);
        Assert.Equal([0, 1, 2], face.Points[..3]);
    }

    [Fact]
    public void A_folder_of_300_W_counts_pixels_from_one()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "helen"));
        Write("helen/b.pts", Pts(68));
        Write("helen/b.jpg", "");
        Write("a.PNG", "");
        Write("a.pts", Pts(68).Replace("\n", "\r\n", StringComparison.Ordinal));

        var faces = AnnotatedFaces.Read(_folder);

        Assert.Equal(["a.PNG", "helen/b.jpg"], faces.Select(face => face.Picture));
        Assert.All(faces, face => Assert.Equal(Enumerable.Range(0, 136).Select(i => i - 1f), face.Points));
        Assert.All(faces, face => Assert.Equal(Box.Of(face.Points), face.Box));
    }

    [Fact]
    public void Whatever_is_a_picture_elsewhere_is_one_beside_a_pts_file_and_hidden_files_are_none()
    {
        Write("a.pts", Pts(68));
        Write("a.WebP", "");
        Write("b.pts", Pts(68));
        Write("b.Jpg", "");
        Write("._b.pts", "not points");
        Assert.Equal(["a.WebP", "b.Jpg"], AnnotatedFaces.Read(_folder).Select(face => face.Picture));
    }

    [Theory]
    [InlineData("1 2 3 a.jpg", "line 1 has 4 fields")]
    [InlineData("", "is empty")]
    public void A_line_of_another_form_is_named(string content, string sentence) => Refused(Write("list.txt", content), sentence);

    [Fact]
    public void What_is_wrong_in_a_line_is_named()
    {
        Refused(Write("list.txt", Line("a.jpg").Replace(" 1 2 ", " x 2 ", StringComparison.Ordinal)), "line 1: field 2 is 'x'");
        Refused(Write("list.txt", Line("a.jpg", attributes: "0 0 2 0 0 0")), "line 1: field 203 is '2', but an attribute must be 0 or 1");
        var mixed = Line("a.jpg") + "\n" + Coordinates(68) + " 1 2 5 6 a.jpg";
        Refused(Write("list.txt", mixed), "line 2 has 68 points, but the lines before have 98");
        var spot = string.Join(' ', Enumerable.Repeat("7", 200));
        Refused(Write("list.txt", spot + " 0 0 0 0 0 0 a.jpg"), "line 1: the outer corners of the eyes coincide");
        Refused(Path.Combine(_folder, "gone.txt"), "gone.txt is missing");
    }

    [Fact]
    public void What_is_wrong_in_a_folder_is_named()
    {
        Refused(_folder, "has no .pts files");
        Write("a.pts", Pts(68));
        Refused(_folder, "a.pts has no picture beside it");
        Write("a.jpg", "");
        Write("a.pts", Pts(98));
        Refused(_folder, "a.pts has 196 coordinates, but the 68 points of 300-W have 136");
        Write("a.pts", Pts(68).Replace(" 5.0", " five", StringComparison.Ordinal));
        Refused(_folder, "a.pts: coordinate 6 is 'five'");
        Write("a.pts", "version: 1");
        Refused(_folder, "a.pts is not a .pts file");
    }

    private static void Refused(string path, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<ListException>(() => AnnotatedFaces.Read(path)).Message, StringComparison.Ordinal);

    private static string Coordinates(int points) => string.Join(' ', Enumerable.Range(0, 2 * points));

    private static string Line(string picture, string attributes = "0 0 0 0 0 0") => $"{Coordinates(98)} 1 2 5 6 {attributes} {picture}";

    private static string Pts(int points) =>
        "version: 1\nn_points: "
        + points.ToString(CultureInfo.InvariantCulture)
        + "\n{\n"
        + string.Concat(
            Enumerable.Range(0, points).Select(i => string.Create(CultureInfo.InvariantCulture, $"{2 * i:f1} {(2 * i) + 1:f1}\n"))
        )
        + "}\n";

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
