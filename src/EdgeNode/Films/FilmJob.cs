namespace FaceLandmark.Films;

/// <summary>One film and what is made of it.</summary>
/// <param name="Path">The film.</param>
/// <param name="Outputs">What is made.</param>
internal sealed record FilmJob(string Path, FilmOutputs Outputs)
{
    /// <summary>The film's name, without folder and extension: the camera in messages.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);
}
