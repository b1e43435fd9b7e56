using System.CommandLine;
using System.Globalization;
using FaceLandmark.Configuration;
using FaceLandmark.Films;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>video</c>: the landmarks of recordings.</summary>
internal static class VideoCommand
{
    /// <summary>The verb.</summary>
    internal const string Name = "video";

    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var paths = new Argument<string[]>("file") { Description = "Films.", Arity = ArgumentArity.OneOrMore };
        var annotated = new Option<string?>("--out")
        {
            Description = "Write the film with points, contours, head axes and numbers drawn in: .mp4 or .mkv. Of several films: a folder.",
            HelpName = "file|folder",
        };
        var csv = new Option<string?>("--csv")
        {
            Description = "Write one row a face and frame, with OpenFace's columns where they mean the same. Of several films: a folder.",
            HelpName = "file|folder",
        };
        var jsonl = new Option<string?>("--jsonl")
        {
            Description = "Write one JSON object a line and frame, in the form of the landmarks message. Of several films: a folder.",
            HelpName = "file|folder",
        };
        var command = new Command(Name, "Localises the landmarks in every frame of films.") { paths, annotated, csv, jsonl };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var options = context.Load(parsed);
                var jobs = FilmJobs.Of(
                    parsed.GetValue(paths)!,
                    parsed.GetValue(annotated),
                    parsed.GetValue(csv),
                    parsed.GetValue(jsonl)
                );
                return await RunAsync(options, jobs, cancellationToken).ConfigureAwait(false);
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(EdgeNodeOptions options, IReadOnlyList<FilmJob> jobs, CancellationToken cancellationToken)
    {
        using var loggers = LoggerFactory.Create(logging =>
        {
            logging.SetMinimumLevel(options.Diagnostics.LogLevel > LogLevel.Warning ? options.Diagnostics.LogLevel : LogLevel.Warning);
            logging.AddSimpleConsole(console => console.SingleLine = true);
            logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        });
        IReadOnlyList<FilmOutcome?> outcomes = [];
        var runs = new FilmRuns(options, jobs, Environment.ProcessorCount, loggers, TimeProvider.System);
        await FilmProgress
            .ShowAsync(
                [.. jobs.Select(job => Path.GetFileName(job.Path))],
                async advanced => outcomes = await runs.RunAsync(advanced, cancellationToken).ConfigureAwait(false)
            )
            .ConfigureAwait(false);
        for (var film = 0; film < jobs.Count; film++)
        {
            if (outcomes[film] is { } outcome)
                Tell(jobs[film], outcome, cancellationToken.IsCancellationRequested);
        }

        return outcomes.Any(outcome => outcome?.Fault is not null) ? ExitCode.Fault : ExitCode.Clean;
    }

    private static void Tell(FilmJob job, FilmOutcome outcome, bool isStopped)
    {
        if (outcome.Remark is { } remark)
            Console.Error.WriteLine(remark);
        if (outcome.Fault is { } fault)
            Console.Error.WriteLine(fault);
        if (outcome.Fault is not null && outcome.Frames == 0)
            return;
        var frames = string.Create(
            CultureInfo.InvariantCulture,
            $"{outcome.Frames} {(outcome.Frames == 1 ? "frame" : "frames")} ({outcome.At.TotalSeconds:0.0} s)"
        );
        var found =
            outcome.Faces == 0 ? $"no face in {frames}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{frames}, {outcome.Faces} {(outcome.Faces == 1 ? "face" : "faces")} in {outcome.FramesWithFaces} of them"
            );
        Console.WriteLine($"{job.Path}: {found}{(isStopped ? "; stopped before its end" : "")}.");
    }
}
