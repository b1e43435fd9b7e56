using System.Globalization;
using FaceLandmark.Locate;

namespace FaceLandmark.Models;

/// <summary>Lists of annotated faces as WFLW has them: 196 coordinates, the box of the points (x0 y0 x1 y1), 6 attributes, the picture's name.</summary>
public static class WflwList
{
    private const int Points = 98;
    private const int Fields = (2 * Points) + 4 + 6 + 1;

    /// <summary>Reads a list.</summary>
    /// <exception cref="ListException">It is missing, empty, or a line is not of this form; the message names the line.</exception>
    public static IReadOnlyList<AnnotatedFace> Read(string path)
    {
        if (!File.Exists(path))
            throw new ListException($"The list {path} is missing: give the WFLW list file with --list.");
        var faces = new List<AnnotatedFace>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                faces.Add(Parse(line, $"{path}, line {number}"));
        }

        return faces.Count > 0 ? faces : throw new ListException($"The list {path} is empty.");
    }

    private static AnnotatedFace Parse(string line, string where)
    {
        var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != Fields)
            throw new ListException($"{where} has {fields.Length} fields, but a line of a WFLW list has {Fields}: 196 coordinates, 4 of the box, 6 attributes, the picture's name.");
        var values = new float[(2 * Points) + 4];
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !float.IsFinite(values[i]))
                throw new ListException($"{where}: field {i + 1} is '{fields[i]}', but must be a number.");
        }

        var box = values.AsSpan(2 * Points);
        return new AnnotatedFace(fields[^1], new Box(box[0], box[1], box[2] - box[0], box[3] - box[1]), values[..(2 * Points)]);
    }
}
