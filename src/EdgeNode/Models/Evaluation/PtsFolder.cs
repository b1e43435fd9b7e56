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
    private static readonly EnumerationOptions s_visible = new() { AttributesToSkip = FileAttributes.Hidden, RecurseSubdirectories = true };
    private static readonly string[] s_extensions = [".jpg", ".jpeg", ".png", ".bmp"];

    /// <summary>Reads all <c>.pts</c> files of a folder and of those in it, by name.</summary>
    /// <exception cref="ListException">There is none, or one is not of this form or has no picture; the message names it.</exception>
    public static IReadOnlyList<AnnotatedFace> Read(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*.pts", s_visible).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
            throw new ListException($"The folder {folder} has no .pts files: give a folder of 300-W, or a list file.");
        return [.. files.Select(file => ReadFile(folder, file))];
    }

    private static AnnotatedFace ReadFile(string folder, string file)
    {
        var picture =
            s_extensions
                .SelectMany(extension => new[] { extension, extension.ToUpperInvariant() })
                .Select(extension => Path.ChangeExtension(file, extension))
                .FirstOrDefault(File.Exists)
            ?? throw new ListException($"{file} has no picture beside it ({PictureReader.Extensions}).");
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
