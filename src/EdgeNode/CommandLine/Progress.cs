using Spectre.Console;

namespace FaceLandmark.CommandLine;

/// <summary>Progress of long work: a bar when a person watches, otherwise a plain line every tenth; always on standard error.</summary>
public static class Progress
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
        console.Progress().Start(progress =>
        {
            var bar = progress.AddTask(title, maxValue: count);
            for (var i = 0; i < count; i++)
            {
                step(i);
                bar.Increment(1);
            }
        });
    }
}
