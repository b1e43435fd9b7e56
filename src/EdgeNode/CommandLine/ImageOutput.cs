using System.Globalization;
using System.Text;
using System.Text.Json;
using FaceLandmark.Capture;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;
using FaceLandmark.Publish;

namespace FaceLandmark.CommandLine;

/// <summary>What <c>image</c> prints and writes for each picture.</summary>
/// <param name="node">Name of the node, for the messages.</param>
/// <param name="json">JSON lines instead of text.</param>
/// <param name="folder">Where annotated pictures go, or null.</param>
internal sealed class ImageOutput(string node, bool json, string? folder) : IDisposable
{
    private const int Quality = 92;

    private readonly MemoryStream _buffer = new();
    private readonly FramePicture _picture = new();
    private readonly HashSet<string> _written = new(StringComparer.OrdinalIgnoreCase); // a memory stick does not distinguish them
    private string _suffix = "";

    /// <summary>
    /// Keeps the pictures that are read from being overwritten: where the annotated ones go to a folder that one of them lies in, they get
    /// names of their own there.
    /// </summary>
    /// <param name="inputs">Paths of all pictures.</param>
    public void Protect(IEnumerable<string> inputs)
    {
        if (
            folder is not null
            && RegularFile.Identity(folder) is { } target
            && inputs
                .Select(path => Path.GetDirectoryName(Path.GetFullPath(path))!)
                .Distinct()
                .Any(parent => RegularFile.Identity(parent) == target)
        )
            _suffix = "-annotated";
    }

    /// <summary>Prints a result and writes its annotated picture.</summary>
    /// <exception cref="SourceException">The picture cannot be written.</exception>
    public void Write(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (folder is not null)
            Annotate(work, folder);
        Console.WriteLine(json ? Json(work) : Text(work));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffer.Dispose();
        _picture.Dispose();
    }

    private static string Text(FrameWork work)
    {
        var faces = work.Faces.Take(work.FaceCount).Where(face => face.IsPresent).ToList();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{work.File}: {faces.Count} {(faces.Count == 1 ? "face" : "faces")}");
        foreach (var face in faces)
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n  {face.Candidate.Id}: score {face.Score:f2}, box {face.Box.X:f0},{face.Box.Y:f0} "
                    + $"{face.Box.Width:f0}x{face.Box.Height:f0}, yaw {face.Pose.Yaw:f0}, pitch {face.Pose.Pitch:f0}, "
                    + $"roll {face.Pose.Roll:f0}"
            );
        return text.ToString();
    }

    private string Json(FrameWork work)
    {
        _buffer.SetLength(0);
        using (var writer = new Utf8JsonWriter(_buffer, MessageJson.WriterOptions))
            LandmarksMessage.Write(writer, work, node, TimeProvider.System, work.File);
        return Encoding.UTF8.GetString(_buffer.GetBuffer().AsSpan(0, (int)_buffer.Length));
    }

    private void Annotate(FrameWork work, string target)
    {
        var name = Path.GetFileNameWithoutExtension(work.File!) + _suffix;
        var unique = name;
        for (var twin = 2; !_written.Add(unique) || (_suffix.Length > 0 && File.Exists(Path.Combine(target, unique + ".jpg"))); twin++)
            unique = $"{name}-{twin}";
        var path = Path.Combine(target, unique + ".jpg");
        _picture.Take(work.Frame!);
        _picture.Draw(work.Faces.AsSpan(0, work.FaceCount));
        try
        {
            Directory.CreateDirectory(target);
            WholeFile.Write(path, part => File.WriteAllBytes(part, _picture.ToJpeg(Quality).Span));
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"The annotated picture {path} cannot be written: {reason.Message}");
        }
    }
}
