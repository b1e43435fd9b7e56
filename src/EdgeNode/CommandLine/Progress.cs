using System.Diagnostics;
using Spectre.Console;

namespace FaceLandmark.CommandLine;

/// <summary>Progress of long work: a bar when a person watches, otherwise a plain line every tenth; always on standard error.</summary>
internal static class Progress
{
    /// <summary>Does <paramref name="step"/> for 0 to <paramref name="count"/> - 1.</summary>
    public static void ForEach(string title, int count, Action<int> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (Console.IsErrorRedirected)
        {
            for (var i = 0; i < count; i++)
            {
                step(i);
                if ((i + 1) * 10 / count > i * 10 / count)
                    Console.Error.WriteLine($"{title}: {i + 1} of {count}");
            }

            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console
            .Progress()
            .Start(progress =>
            {
                var bar = progress.AddTask(title, maxValue: count);
                for (var i = 0; i < count; i++)
                {
                    step(i);
                    bar.Increment(1);
                }
            });
    }

    /// <summary>Does work that takes a known time; a bar, or a line every tenth of it, tells how much has passed.</summary>
    public static async Task<T> OfTimeAsync<T>(string title, TimeSpan duration, Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (Console.IsErrorRedirected)
        {
            var working = work();
            for (var tenth = 1; tenth <= 10 && !working.IsCompleted; tenth++)
            {
                if (await Task.WhenAny(working, Task.Delay(duration / 10)).ConfigureAwait(false) != working)
                    Console.Error.WriteLine($"{title}: {(duration * tenth / 10).TotalSeconds:0} of {duration.TotalSeconds:0} s");
            }

            return await working.ConfigureAwait(false);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console
            .Progress()
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask(title, maxValue: duration.TotalSeconds);
                var (working, watch) = (work(), Stopwatch.StartNew());
                while (await Task.WhenAny(working, Task.Delay(500)).ConfigureAwait(false) != working)
                    bar.Value = watch.Elapsed.TotalSeconds;
                bar.Value = bar.MaxValue;
                return await working.ConfigureAwait(false);
            })
            .ConfigureAwait(false);
    }

    /// <summary>Does steps that have names, one after the other; the name of the one at work is shown.</summary>
    public static async Task OfStepsAsync(string title, IReadOnlyList<(string Name, Func<Task> Work)> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        if (Console.IsErrorRedirected)
        {
            for (var i = 0; i < steps.Count; i++)
            {
                await steps[i].Work().ConfigureAwait(false);
                var tenths = (i + 1) * 10 / steps.Count;
                if (tenths > i * 10 / steps.Count)
                    await Console.Error.WriteLineAsync($"{title}: {10 * tenths} %").ConfigureAwait(false);
            }

            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console
            .Progress()
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask(Markup.Escape(title), maxValue: steps.Count);
                foreach (var (name, work) in steps)
                {
                    bar.Description = Markup.Escape(name);
                    await work().ConfigureAwait(false);
                    bar.Increment(1);
                }
            })
            .ConfigureAwait(false);
    }

    /// <summary>Does work that tells bytes so far and bytes in all (0: unknown).</summary>
    public static async Task<T> OfBytesAsync<T>(string title, Func<Action<long, long>, Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (Console.IsErrorRedirected)
        {
            long told = 0;
            return await work(
                    (have, all) =>
                    {
                        // Every tenth, or every 16 MiB where the end is unknown.
                        var step = all > 0 ? have * 10 / all : have >> 24;
                        if (step > told)
                            Console.Error.WriteLine(all > 0 ? $"{title}: {have} of {all} bytes" : $"{title}: {have} bytes");
                        told = Math.Max(told, step);
                    }
                )
                .ConfigureAwait(false);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console
            .Progress()
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new DownloadedColumn(),
                new TransferSpeedColumn()
            )
            .StartAsync(progress =>
            {
                var bar = progress.AddTask(title);
                return work((have, all) => (bar.MaxValue, bar.Value) = (all > 0 ? all : have + 1, have));
            })
            .ConfigureAwait(false);
    }
}
