using System.Globalization;
using System.Text;
using FaceLandmark.Faces;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;

namespace FaceLandmark.Films;

/// <summary>
/// Faces as comma-separated rows, one a face and frame. Columns that mean what they mean in the files of OpenFace 2 (Baltrusaitis et al.
/// 2018) are called as there, so that programs made for those load these: <c>frame</c> (from 1), <c>face_id</c>, <c>timestamp</c>
/// (seconds), <c>confidence</c> (0 to 1), <c>success</c>, <c>pose_Rx</c>, <c>pose_Ry</c>, <c>pose_Rz</c> (radians), <c>x_i</c>,
/// <c>y_i</c> (pixels). After them come this program's own. One thread at a time.
/// </summary>
internal sealed class FilmCsv : IDisposable
{
    private readonly LineFile _file;
    private readonly StringBuilder _line = new(4096);
    private byte[] _bytes = new byte[8192];

    /// <summary>Begins the file with the row of names.</summary>
    /// <param name="path">The file.</param>
    /// <param name="landmarks">Points of a face.</param>
    /// <exception cref="LineFileException">It cannot be written.</exception>
    public FilmCsv(string path, int landmarks)
    {
        _file = new LineFile(path);
        _line.AppendJoin(',', Columns(landmarks));
        Write();
    }

    /// <summary>Names of the columns for so many landmarks.</summary>
    public static IEnumerable<string> Columns(int landmarks) =>
        [
            "frame",
            "face_id",
            "timestamp",
            "confidence",
            "success",
            "pose_Rx",
            "pose_Ry",
            "pose_Rz",
            .. Enumerable.Range(0, landmarks).Select(i => $"x_{i}"),
            .. Enumerable.Range(0, landmarks).Select(i => $"y_{i}"),
            "box_x",
            "box_y",
            "box_width",
            "box_height",
            "eye_left",
            "eye_right",
            "mouth_open",
        ];

    /// <summary>Adds the faces of a frame that are present.</summary>
    /// <exception cref="LineFileException">The file cannot be written.</exception>
    public void Write(FrameWork work, TimeSpan at)
    {
        ArgumentNullException.ThrowIfNull(work);
        for (var i = 0; i < work.FaceCount; i++)
        {
            if (work.Faces[i].IsPresent)
                Write(work.Sequence, at, work.Faces[i]);
        }
    }

    /// <summary>Writes what is not yet written.</summary>
    /// <exception cref="LineFileException">The file cannot be written.</exception>
    public void Flush() => _file.Flush();

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Write(long frame, TimeSpan at, Face face)
    {
        var angles = HeadAxes.Of(face.Pose).Angles;
        _line.Clear();
        _line.Append(CultureInfo.InvariantCulture, $"{frame},{face.Candidate.Id},{at.TotalSeconds:0.000000},{face.Score:0.0000},1");
        Add(angles.X, "0.0000");
        Add(angles.Y, "0.0000");
        Add(angles.Z, "0.0000");
        for (var i = 0; i < face.Points.Length; i += 2)
            Add(face.Points[i], "0.00");
        for (var i = 1; i < face.Points.Length; i += 2)
            Add(face.Points[i], "0.00");
        Add(face.Box.X, "0.00");
        Add(face.Box.Y, "0.00");
        Add(face.Box.Width, "0.00");
        Add(face.Box.Height, "0.00");
        Add(face.LeftEye, "0.000");
        Add(face.RightEye, "0.000");
        Add(face.Mouth, "0.000");
        Write();
    }

    private void Add(double value, string format)
    {
        Span<char> text = stackalloc char[32];
        value.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
        _line.Append(',').Append(text[..length]);
    }

    private void Write()
    {
        var length = 0;
        foreach (var part in _line.GetChunks())
        {
            if (_bytes.Length < length + part.Length)
                Array.Resize(ref _bytes, 2 * (length + part.Length));
            length += Encoding.ASCII.GetBytes(part.Span, _bytes.AsSpan(length));
        }

        _file.Add(_bytes.AsSpan(0, length));
    }
}
