using System.Globalization;
using FaceLandmark.Films;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaceLandmark.CommandLine;

/// <summary>
/// How far films are: a bar each with frames a second and the time left when a person watches, otherwise a plain line every tenth; always
/// on standard error.
/// </summary>
internal static class FilmProgress
{
    /// <summary>Shows it while the work runs.</summary>
    /// <param name="films">Names of the films.</param>
    /// <param name="work">Tells, by the film's index, how far it is; on any thread.</param>
    public static async Task ShowAsync(IReadOnlyList<string> films, Func<Action<int, FilmAdvance>, Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (Console.IsErrorRedirected)
        {
            var told = new int[films.Count];
            await work(
                    (film, advance) =>
                    {
                        var tenth = (int)(10 * (advance.Share ?? 0));
                        if (tenth > told[film])
                            Console.Error.WriteLine($"{films[film]}: {10 * tenth} %, {advance.Frames} frames");
                        told[film] = Math.Max(told[film], tenth);
                    }
                )
                .ConfigureAwait(false);
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console
            .Progress()
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new FramesColumn(TimeProvider.System),
                new RemainingTimeColumn()
            )
            .StartAsync(progress =>
            {
                var bars = films.Select(film => progress.AddTask(Markup.Escape(film), autoStart: false)).ToList();
                return work(
                    (film, advance) =>
                    {
                        var bar = bars[film];
                        if (!bar.IsStarted)
                            bar.StartTask();
                        bar.IsIndeterminate = advance.Share is null;
                        bar.State.Update<long>(FramesColumn.Key, _ => advance.Frames);
                        bar.Value = 100 * (advance.Share ?? 0);
                    }
                );
            })
            .ConfigureAwait(false);
    }

    private sealed class FramesColumn(TimeProvider time) : ProgressColumn
    {
        public const string Key = "frames";

        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var frames = task.State.Get<long>(Key);
            var took = task.StartTime is { } start ? (task.StopTime ?? time.GetLocalNow().DateTime) - start : TimeSpan.Zero;
            var rate = took > TimeSpan.Zero ? frames / took.TotalSeconds : 0;
            return new Text(string.Create(CultureInfo.InvariantCulture, $"{frames} frames, {rate:0.0} frames/s"));
        }
    }
}
