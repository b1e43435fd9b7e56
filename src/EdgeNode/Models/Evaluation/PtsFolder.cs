using System.Globalization;
using FaceLandmark.Capture;
using FaceLandmark.Faces;

namespace FaceLandmark.Models.Evaluation;

/// <summary>
/// A folder as 300-W has them: beside each picture a <c>.pts</c> file of the same name with 68 points. 300-W counts pixels from 1, so
/// that 1 is taken off every coordinate. The box is that of the points.
/// </summary>
internal static class PtsFolder
{
    private const int Points = 68;

    /// <summary>Reads all <c>.pts</c> files of a folder and of those in it, by name. Hidden ones are not looked at.</summary>
    /// <exception cref="ListException">There is none, or one is not of this form or has no picture; the message names it.</exception>
    /// <exception cref="SourceException">A folder cannot be read.</exception>
    public static IReadOnlyList<AnnotatedFace> Read(string folder)
    {
        var files = PictureReader.Files(folder, deep: true);
        var pictures = files.Where(PictureReader.IsPicture).ToLookup(Bare);
        var lists = files.Where(file => Path.GetExtension(file) == ".pts").ToList();
        if (lists.Count == 0)
            throw new ListException($"The folder {folder} has no .pts files: give a folder of 300-W, or a list file.");
        return [.. lists.Select(file => ReadFile(folder, file, pictures[Bare(file)].FirstOrDefault()))];
    }

    private static string Bare(string file) => file[..^Path.GetExtension(file).Length];

    private static AnnotatedFace ReadFile(string folder, string file, string? picture)
    {
        if (picture is null)
            throw new ListException($"{file} has no picture beside it ({PictureReader.Extensions}).");
        var points = Parse(File.ReadAllText(file), file);
        return new AnnotatedFace(Path.GetRelativePath(folder, picture), Box.Of(points), points);
    }

    private static float[] Parse(string text, string file)
    {
        var (begin, end) = (text.IndexOf('{', StringComparison.Ordinal), text.LastIndexOf('}'));
        if (begin < 0 || end < begin)
            throw new ListException($"{file} is not a .pts file: its points must stand between {{ and }}.");
        var fields = text[(begin + 1)..end].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 2 * Points)
            throw new ListException($"{file} has {fields.Length} coordinates, but the 68 points of 300-W have {2 * Points}.");
        var points = new float[fields.Length];
        for (var i = 0; i < points.Length; i++)
        {
            if (!float.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out points[i]) || !float.IsFinite(points[i]))
                throw new ListException($"{file}: coordinate {i + 1} is '{fields[i]}', but must be a number.");
            points[i] -= 1;
        }

        return LandmarkSets.HasEyes(points)
            ? points
            : throw new ListException($"{file}: the outer corners of the eyes coincide: no error can be measured by their distance.");
    }
}
