using System.Text.Json;

namespace FaceLandmark.Tests.Programs;

/// <summary>The program in a terminal of its own, with somebody who types.</summary>
internal static class TerminalProcess
{
    /// <summary>What Ctrl-C types.</summary>
    public const string CtrlC = "\u0003";

    /// <summary>Runs it to its end.</summary>
    /// <param name="program">Folder of the program; null: the tests' own.</param>
    /// <param name="variables">Variables of the environment.</param>
    /// <param name="dialogue">
    /// Words that it shows, between slashes a regular expression, and what is then typed; each is waited for behind the one before.
    /// </param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Its exit code, 99 when it ended before the dialogue did; and what it showed, without control sequences.</returns>
    public static async Task<(int ExitCode, string Shown)> RunAsync(
        string? program,
        (string Name, string Value)[] variables,
        (string Words, string Keys)[] dialogue,
        params string[] arguments
    )
    {
        var steps = JsonSerializer.Serialize(dialogue.Select(step => new[] { step.Words, step.Keys }));
        var script = Path.Combine(AppContext.BaseDirectory, "Programs", "terminal.py");
        var edgeNode = Path.Combine(program ?? AppContext.BaseDirectory, "EdgeNode.dll");
        await using var terminal = RunningProgram.Start(
            "python3",
            [script, steps, "dotnet", edgeNode, .. arguments],
            null,
            [("Web__Port", "0"), ("TERM", "xterm"), .. variables]
        );
        var (exitCode, shown, errors) = await terminal.EndAsync();
        return (exitCode, shown + errors);
    }
}
