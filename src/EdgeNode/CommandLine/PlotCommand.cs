using System.CommandLine;
using System.Globalization;
using FaceLandmark.Configuration;
using FaceLandmark.Models.Evaluation;
using FaceLandmark.Platform;
using FaceLandmark.Plots;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>plot</c>: recordings as pictures and as a page.</summary>
internal static class PlotCommand
{
    private const string Name = "plot";

    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var paths = new Argument<string[]>("file")
        {
            Description = "Parts of a recording, in any order; or what video --jsonl or --csv wrote.",
            Arity = ArgumentArity.OneOrMore,
        };
        var picture = new Option<string?>("--out")
        {
            Description = "Where the curves go: a .png file, or a folder. Beside the recording if neither --out nor --html is given.",
            HelpName = "file|folder",
        };
        var page = new Option<string?>("--html")
        {
            Description = "Write a report: one HTML file that needs no network.",
            HelpName = "file",
        };
        var film = new Option<string?>("--film")
        {
            Description = "The film that the file comes from, for pictures of the faces in the report.",
            HelpName = "file",
        };
        var command = new Command(Name, "Draws recordings: curves over time, and a report.") { paths, picture, page, film };
        command.SetAction(
            (parsed, cancellationToken) =>
                Task.FromResult(
                    Run(
                        new PlotFiles(parsed.GetValue(paths)!, context.Load(parsed).Mqtt.BaseTopic),
                        PlotTargets.Of(
                            parsed.GetValue(paths)!,
                            parsed.GetValue(picture),
                            parsed.GetValue(page),
                            parsed.GetValue(film)
                        ),
                        cancellationToken
                    )
                )
        );
        return command;
    }

    private static int Run(PlotFiles files, PlotTargets targets, CancellationToken cancellationToken)
    {
        if (targets.Picture is not null && PlotFont.Refusal is { } refusal)
            throw new ConfigurationException([refusal]);
        var survey = new RecordingSurvey();
        files.Read(survey, cancellationToken);
        survey.NameCameras();
        if (survey.Cameras.Count == 0)
            throw new PlotException($"{targets.Names} holds no landmarks: there is nothing to draw.");
        var ofFilm = targets.FilmOf(survey, files.IsFilm);
        foreach (var camera in survey.Cameras)
            Tell(camera);
        if (targets.Picture is not null)
            Draw(files, survey, targets, cancellationToken);
        if (targets.Page is { } page)
        {
            var thumbnails = new FaceThumbnails();
            var curves = new RecordingCurves(survey, ReportChart.Columns, thumbnails);
            files.Read(curves, cancellationToken);
            if (ofFilm is { } camera)
                thumbnails.TakeFilm(camera, targets.Film!, cancellationToken);
            ReportPage.Save(page, files, survey, curves, thumbnails);
            Console.WriteLine(page);
        }

        foreach (var remark in files.Remarks)
            Console.Error.WriteLine(remark);
        return files.BadLines > 0 ? ExitCode.Fault : ExitCode.Clean;
    }

    private static void Draw(PlotFiles files, RecordingSurvey survey, PlotTargets targets, CancellationToken cancellationToken)
    {
        var curves = new RecordingCurves(survey, PlotPicture.Columns, thumbnails: null);
        files.Read(curves, cancellationToken);
        DateTimeOffset? start = files.IsFilm ? null : survey.Start;
        var seconds = survey.Seconds(survey.End);
        var times = TimeTicks.Meaning(start, seconds, files.FilmBegan);
        foreach (var camera in curves.Cameras)
        {
            var path = targets.PictureOf(camera.Camera, survey.Cameras.Count);
            PlotPicture.Save(path, $"{camera.Camera.Title} ({times})", Chart.Of(camera), start, seconds);
            Console.WriteLine(path);
        }
    }

    private static void Tell(CameraSurvey camera)
    {
        var frames = string.Create(
            CultureInfo.InvariantCulture,
            $"{camera.Frames} {(camera.Frames == 1 ? "frame" : "frames")} ({TimeTicks.Length((camera.Last - camera.First).TotalSeconds)})"
        );
        var faces = camera.Faces.Count;
        var found = faces == 0 ? $"no face in {frames}" : $"{frames}, {faces} {(faces == 1 ? "face" : "faces")}";
        Console.Error.WriteLine(PublicText.Shown($"{camera.Title}: {found}."));
    }
}
