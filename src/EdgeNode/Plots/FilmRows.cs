using System.Globalization;
using FaceLandmark.Faces;

namespace FaceLandmark.Plots;

/// <summary>Reads the rows that <c>video --csv</c> has written: one a face and frame.</summary>
internal sealed class FilmRows
{
    /// <summary>What such a file begins with.</summary>
    public const string Beginning = "frame,face_id,timestamp,confidence,success,pose_Rx,";

    // Times are after 1970, as those of a film's messages are; beyond ten years there are no films.
    private const double Longest = 3650 * 86_400.0;

    private readonly string _camera;
    private readonly Dictionary<string, int> _columns;
    private readonly int _width;
    private readonly List<SeenFace> _faces = [];
    private long _frame;
    private DateTimeOffset _at;

    /// <summary>Begins with the row of names.</summary>
    /// <param name="names">The row.</param>
    /// <param name="camera">What the camera is to be called.</param>
    public FilmRows(string names, string camera)
    {
        ArgumentNullException.ThrowIfNull(names);
        _camera = camera;
        var columns = names.Split(',');
        _width = columns.Length;
        _columns = columns.Select((name, index) => (name, index)).DistinctBy(column => column.name).ToDictionary();
    }

    /// <summary>Takes a row.</summary>
    /// <param name="row">The line.</param>
    /// <param name="frame">The frame before, once it has all its faces.</param>
    /// <returns>Whether the row can be understood.</returns>
    public bool Take(string row, out SeenFrame? frame)
    {
        ArgumentNullException.ThrowIfNull(row);
        frame = null;
        var fields = row.Split(',');
        if (fields.Length != _width)
            return false;
        var (number, id, seconds) = (Number("frame"), Number("face_id"), Number("timestamp"));
        if (!(number is >= 1 and < 1e15 && Math.Abs(id) <= int.MaxValue && seconds is >= 0 and <= Longest))
            return false;
        if ((long)number != _frame)
            frame = End();
        (_frame, _at) = ((long)number, DateTimeOffset.UnixEpoch.AddSeconds(seconds));
        _faces.Add(
            new SeenFace(
                (int)id,
                Number("confidence"),
                new Box((float)Number("box_x"), (float)Number("box_y"), (float)Number("box_width"), (float)Number("box_height")),
                HeadAxes.PoseOf(Number("pose_Rx"), Number("pose_Ry"), Number("pose_Rz")),
                Number("eye_left"),
                Number("eye_right"),
                Number("mouth_open"),
                []
            )
        );
        return true;

        double Number(string name) =>
            _columns.TryGetValue(name, out var column)
            && double.TryParse(fields[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
                ? value
                : double.NaN;
    }

    /// <summary>The last frame; null where there is none.</summary>
    public SeenFrame? End()
    {
        if (_faces.Count == 0)
            return null;
        var frame = new SeenFrame(_at, _camera, "", _frame, default, "", null, 0, [.. _faces]);
        _faces.Clear();
        return frame;
    }
}
