using System.Globalization;
using FaceLandmark.Faces;

namespace FaceLandmark.Models.Evaluation;

/// <summary>
/// Lists of annotated faces, one a line: those of WFLW with 196 coordinates, the box of the points (x0 y0 x1 y1), 6 attributes and the
/// picture's name, and lists of 68 points with 136 coordinates, the box and the name. Coordinates are taken as they stand.
/// </summary>
internal static class WflwList
{
    private const int Box = 4;
    private const int Attributes = 6;
    private const int Wflw = (2 * 98) + Box + Attributes + 1;
    private const int Ibug = (2 * 68) + Box + 1;

    /// <summary>Reads a list.</summary>
    /// <exception cref="ListException">It is missing, empty, or a line is not of this form; the message names the line.</exception>
    public static IReadOnlyList<AnnotatedFace> Read(string path)
    {
        if (!File.Exists(path))
            throw new ListException($"The list {path} is missing: give a list of WFLW, a list of 68 points or a folder of .pts files.");
        var faces = new List<AnnotatedFace>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var face = Parse(line, $"{path}, line {number}");
            if (faces.Count > 0 && face.Points.Length != faces[0].Points.Length)
            {
                throw new ListException(
                    $"{path}, line {number} has {face.Points.Length / 2} points, "
                        + $"but the lines before have {faces[0].Points.Length / 2}: give two lists."
                );
            }

            faces.Add(face);
        }

        return faces.Count > 0 ? faces : throw new ListException($"The list {path} is empty.");
    }

    private static AnnotatedFace Parse(string line, string where)
    {
        var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is not Wflw and not Ibug)
        {
            throw new ListException(
                $"{where} has {fields.Length} fields, but a line of a WFLW list has {Wflw} "
                    + $"(196 coordinates, 4 of the box, 6 attributes, the picture's name), "
                    + $"and one of a list of 68 points has {Ibug} (136 coordinates, 4 of the box, the picture's name)."
            );
        }

        var attributes = fields.Length == Wflw ? Attributes : 0;
        var values = new float[fields.Length - 1 - attributes];
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !float.IsFinite(values[i]))
                throw new ListException($"{where}: field {i + 1} is '{fields[i]}', but must be a number.");
        }

        var box = values.AsSpan(values.Length - Box);
        var points = values[..^Box];
        if (!LandmarkSets.HasEyes(points))
            throw new ListException($"{where}: the outer corners of the eyes coincide: no error can be measured by their distance.");
        var flags = FaceAttributes.None;
        for (var i = 0; i < attributes; i++)
        {
            var field = fields[values.Length + i];
            if (field is not "0" and not "1")
                throw new ListException($"{where}: field {values.Length + i + 1} is '{field}', but an attribute must be 0 or 1.");
            flags |= field == "1" ? (FaceAttributes)(1 << i) : FaceAttributes.None;
        }

        return new AnnotatedFace(fields[^1], new Box(box[0], box[1], box[2] - box[0], box[3] - box[1]), points, flags);
    }
}
