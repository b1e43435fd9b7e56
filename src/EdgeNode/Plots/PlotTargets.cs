using FaceLandmark.Configuration;
using FaceLandmark.Platform;

namespace FaceLandmark.Plots;

/// <summary>Where what is drawn goes, and what film it comes from.</summary>
/// <param name="Names">The files that are drawn, for sentences.</param>
/// <param name="Picture">File or folder of the curves; null: none.</param>
/// <param name="Page">File of the report; null: none.</param>
/// <param name="Film">The film; null: none.</param>
internal sealed record PlotTargets(string Names, string? Picture, string? Page, string? Film)
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase); // a memory stick takes them for equal

    /// <summary>Puts them together and makes the folder.</summary>
    /// <param name="files">What is drawn.</param>
    /// <param name="picture">The argument of <c>--out</c>.</param>
    /// <param name="page">The argument of <c>--html</c>.</param>
    /// <param name="film">The argument of <c>--film</c>.</param>
    /// <exception cref="ConfigurationException">The arguments cannot be used.</exception>
    public static PlotTargets Of(IReadOnlyList<string> files, string? picture, string? page, string? film)
    {
        ArgumentNullException.ThrowIfNull(files);
        var errors = new List<string>();
        if (picture is null && page is null)
            picture = Path.ChangeExtension(files[0], ".png");
        if (film is not null && page is null)
            errors.Add("--film is for the pictures of the report: give --html too.");
        else if (film is not null && RegularFile.Problem(film) is { } problem)
            errors.Add($"--film is '{film}', but that {problem}; correct the path.");
        Check("--out", picture, [".png"], mayBeFolder: true);
        Check("--html", page, [".html", ".htm"], mayBeFolder: false);
        if (errors.Count > 0)
            throw new ConfigurationException([.. errors]);
        if (picture is not null && IsFolder(picture))
            Directory.CreateDirectory(picture);
        return new PlotTargets(string.Join(", ", files.Select(file => $"'{file}'")), picture, page, film);

        void Check(string option, string? path, string[] extensions, bool mayBeFolder)
        {
            if (path is null)
                return;
            var isNamed = extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) && !Directory.Exists(path);
            var folder = path.Length > 0 ? Path.GetDirectoryName(Path.GetFullPath(path)) : null;
            if (path.Length == 0)
                errors.Add($"{option} is empty; give a file{(mayBeFolder ? " or a folder" : "")}.");
            else if (!isNamed && (!mayBeFolder || File.Exists(path)))
                errors.Add($"{option} is '{path}', but must name {Article(extensions[0])} file{(mayBeFolder ? ", or a folder" : "")}.");
            else if (isNamed && !Directory.Exists(folder))
                errors.Add($"{option} is '{path}', but there is no folder {folder}: make it first.");
        }

        static string Article(string extension) => extension == ".html" ? "an .html" : $"a {extension}";
    }

    /// <summary>Where the curves of a camera go.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="cameras">How many there are.</param>
    public string PictureOf(CameraSurvey camera, int cameras)
    {
        ArgumentNullException.ThrowIfNull(camera);
        var name = string.Concat(
            camera.Title.Select(sign => sign is '/' or '\\' or ':' || char.IsControl(sign) || char.IsWhiteSpace(sign) ? '-' : sign)
        );
        if (name.Trim('.').Length == 0)
            name = "camera";
        var isFolder = IsFolder(Picture!);
        var stem =
            isFolder ? Path.Combine(Picture!, name)
            : cameras == 1 ? Path.ChangeExtension(Picture!, null)
            : $"{Path.ChangeExtension(Picture!, null)}-{name}";
        var path = stem + ".png";
        for (var twin = 2; !_taken.Add(path); twin++)
            path = $"{stem}-{twin}.png";
        return path;
    }

    /// <summary>The camera whose film was given; null: none was.</summary>
    /// <param name="survey">The recording.</param>
    /// <param name="isFilm">Whether it is that of films.</param>
    /// <exception cref="ConfigurationException">The film does not belong to it.</exception>
    public CameraSurvey? FilmOf(RecordingSurvey survey, bool isFilm)
    {
        ArgumentNullException.ThrowIfNull(survey);
        if (Film is null)
            return null;
        if (!isFilm)
            throw new ConfigurationException(
                ["--film is for what `video` wrote; this is a recording of a broker, whose pictures come from `record --all`."]
            );
        return survey.Cameras.Count == 1 ? survey.Cameras[0]
            : survey.Cameras.FirstOrDefault(camera => camera.Name == Path.GetFileNameWithoutExtension(Film))
            ?? throw new ConfigurationException(
                [
                    $"--film is '{Film}', but none of the {survey.Cameras.Count} films that were given is called like it: "
                        + "give what was written of it alone.",
                ]
            );
    }

    private static bool IsFolder(string path) =>
        Directory.Exists(path) || !Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase);
}
