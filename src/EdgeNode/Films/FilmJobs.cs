using FaceLandmark.Configuration;
using FaceLandmark.Platform;

namespace FaceLandmark.Films;

/// <summary>
/// Which files are made of which film: those that the arguments name, or, for several films and where an argument names a folder, files in
/// that folder that are called like the film.
/// </summary>
internal sealed class FilmJobs
{
    private readonly IReadOnlyList<string> _films;
    private readonly List<string> _errors = [];
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase); // a memory stick takes them for equal

    private FilmJobs(IReadOnlyList<string> films) => _films = films;

    /// <summary>Puts them together and makes the folders.</summary>
    /// <param name="films">Paths of the films.</param>
    /// <param name="annotated">File or folder of the annotated films; null: none.</param>
    /// <param name="csv">File or folder of the rows; null: none.</param>
    /// <param name="jsonl">File or folder of the messages; null: none.</param>
    /// <exception cref="ConfigurationException">The arguments cannot be used.</exception>
    /// <exception cref="IOException">A folder cannot be made.</exception>
    public static IReadOnlyList<FilmJob> Of(IReadOnlyList<string> films, string? annotated, string? csv, string? jsonl)
    {
        ArgumentNullException.ThrowIfNull(films);
        var jobs = new FilmJobs(films);
        if (annotated is null && csv is null && jsonl is null)
            throw new ConfigurationException(["There is nothing to make of the film: give --out, --csv or --jsonl."]);
        var made = films
            .Select(film => new FilmJob(
                film,
                new FilmOutputs(
                    jobs.Target("--out", annotated, film, ".mp4"),
                    jobs.Target("--csv", csv, film, ".csv"),
                    jobs.Target("--jsonl", jsonl, film, ".jsonl")
                )
            ))
            .ToList();
        if (jobs._errors.Count > 0)
            throw new ConfigurationException([.. jobs._errors.Distinct()]);
        foreach (var folder in made.SelectMany(job => job.Outputs.All).Select(path => Path.GetDirectoryName(path)!).Distinct())
            Directory.CreateDirectory(folder);
        return made;
    }

    private string? Target(string option, string? value, string film, string extension)
    {
        if (value is null)
            return null;
        if (value.Length == 0)
        {
            _errors.Add($"{option} is empty; give a file or a folder.");
            return null;
        }

        var path = Path.GetFullPath(value);
        var isFolder = Directory.Exists(path) || Path.EndsInDirectorySeparator(value);
        if (isFolder || (_films.Count > 1 && Path.GetExtension(value).Length == 0))
            return InFolder(path, film, extension);
        if (_films.Count > 1)
            _errors.Add($"{option} is '{value}', but there are several films: give a folder.");
        else if (option == "--out" && AnnotatedFilm.Refuse(value) is { } refusal)
            _errors.Add(refusal);
        else if (!Directory.Exists(Path.GetDirectoryName(path)))
            _errors.Add($"{option} is '{value}', but there is no folder {Path.GetDirectoryName(path)}: make it first.");
        else if (IsFilm(path))
            _errors.Add($"{option} is '{value}', which is the film itself: give another name.");
        else if (!_taken.Add(path))
            _errors.Add($"{option} is '{value}', which is already written to: give another name.");
        return path;
    }

    // Films that are read are never overwritten, and no two films write to one file.
    private string InFolder(string folder, string film, string extension)
    {
        var name = Path.GetFileNameWithoutExtension(film);
        if (extension == ".mp4" && IsFilm(Path.Combine(folder, name + extension)))
            name += "-annotated";
        var path = Path.Combine(folder, name + extension);
        for (var twin = 2; IsFilm(path) || !_taken.Add(path); twin++)
            path = Path.Combine(folder, $"{name}-{twin}{extension}");
        return path;
    }

    private bool IsFilm(string path) =>
        RegularFile.Identity(path) is { } identity && _films.Any(film => RegularFile.Identity(film) == identity);
}
