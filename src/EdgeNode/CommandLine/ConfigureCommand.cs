using System.CommandLine;
using FaceLandmark.Configuration;
using FaceLandmark.Setup;
using Spectre.Console;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>configure</c>: asks what a newcomer must decide, tests each answer, writes the settings.</summary>
internal static class ConfigureCommand
{
    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var answers = new Option<string?>("--answers")
        {
            Description = "A JSON file with the answers, instead of questions (docs/configuration.md).",
            HelpName = "file",
        };
        var goOn = new Option<bool>("--go-on")
        {
            Description = "With --answers: write the settings also where camera or broker fail their test.",
        };
        var command = new Command("configure", "Asks for camera, broker, name and privacy, tests each answer, and writes the settings.")
        {
            answers,
            goOn,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                // The library listens for Ctrl-C only once this has returned to it for the first time.
                await Task.Yield();
                var draft = Draft(context, parsed.GetValue(context.ConfigFile));
                if (parsed.GetValue(answers) is { } file)
                    return await WithoutTerminalAsync(draft, file, parsed.GetValue(goOn), cancellationToken);
                if (Console.IsInputRedirected || Console.IsOutputRedirected)
                    throw new ConfigurationException([
                        "configure asks its questions at a terminal, and this is none: give the answers in a file, --answers FILE "
                            + "(docs/configuration.md shows one).",
                    ]);
                return await AtTerminalAsync(draft, cancellationToken);
            }
        );
        return command;
    }

    private static SetupDraft Draft(CommandContext context, string? configFile)
    {
        if (context.HasSettings)
            throw new ConfigurationException(["configure takes no settings as arguments: answer its questions, or use --answers FILE."]);
        var path =
            (configFile is null ? SettingsFile.Path : Path.GetFullPath(configFile))
            ?? throw new ConfigurationException([
                "This user has no home folder (HOME), so there is no place for the settings: name a file with --config.",
            ]);
        SetupWriter.Probe(path);
        var draft = new SetupDraft(path, new ConfigurationSources(File.Exists(path) && configFile is not null ? path : null).LoadFiles());
        return draft.Errors.Count == 0 ? draft : throw new ConfigurationException(draft.Errors);
    }

    private static async Task<int> WithoutTerminalAsync(SetupDraft draft, string file, bool goesOn, CancellationToken stop)
    {
        (draft, var restarts) = SetupAnswersFile.Read(file, draft);
        (bool IsFine, string Sentence)[] tests = [await SetupChecks.CameraAsync(draft, stop), await SetupChecks.BrokerAsync(draft, stop)];
        foreach (var (isFine, sentence) in tests)
            await (isFine ? Console.Out : Console.Error).WriteLineAsync(sentence);
        if (!goesOn && tests.Any(test => !test.IsFine))
        {
            await Console.Error.WriteLineAsync("Nothing was changed. With --go-on the settings are written all the same.");
            return ExitCode.Fault;
        }

        Write(draft, Console.WriteLine);
        if (!restarts)
            return ExitCode.Clean;
        if (!NodeUnit.IsThere())
        {
            await Console.Error.WriteLineAsync("There is no service to restart: systemd has no facelandmark.service here.");
            return ExitCode.Fault;
        }

        return Restart(Console.WriteLine);
    }

    private static async Task<int> AtTerminalAsync(SetupDraft draft, CancellationToken stop)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(Console.Out) }
        );
        var questions = new Questions(console, stop);
        try
        {
            questions.Say($"This sets up the node; the settings go into {draft.Path}. Enter takes what is in parentheses.");
            questions.Say("Ctrl-C leaves everything as it was.");
            if (NodeUnit.IsThere() && NodeUnit.IsActive())
                questions.Say(
                    "The service runs, and holds its camera and its own broker's port: systemctl stop facelandmark first, to test those."
                );
            draft = await new ConfigureDialogue(questions, stop).AskAsync(draft);
            if (draft.Changes.Count == 0 && draft.NewPassword is null)
            {
                questions.Title($"Nothing changes; {draft.Path} stays as it is.");
                return ExitCode.Clean;
            }

            questions.Title("What changes");
            questions.Show(TableOf(draft));
            foreach (var sentence in Overrides(draft))
                questions.Say(sentence);
            if (!await questions.ConfirmAsync($"Write {draft.Path}?", preset: true))
            {
                questions.Say("Nothing was changed.");
                return ExitCode.Clean;
            }
        }
        catch (OperationCanceledException)
        {
            questions.Say("");
            questions.Say("Nothing was changed.");
            return ExitCode.Fault;
        }

        Write(draft, questions.Say);
        if (!NodeUnit.IsThere())
        {
            questions.Say("The next start of the node uses them.");
            return ExitCode.Clean;
        }

        try
        {
            if (await questions.ConfirmAsync("Start the service with them now?", preset: true))
                return Restart(questions.Say);
        }
        catch (OperationCanceledException)
        {
            questions.Say("");
        }

        questions.Say("The service uses them after: systemctl restart facelandmark");
        return ExitCode.Clean;
    }

    private static Table TableOf(SetupDraft draft)
    {
        var table = new Table().AddColumns("setting", "now", "then");
        foreach (var (key, before, after) in draft.Changes)
            table.AddRow(Markup.Escape(key), Markup.Escape(SetupDraft.Shown(key, before)), Markup.Escape(SetupDraft.Shown(key, after)));
        if (draft.NewPassword is not null)
            table.AddRow(Markup.Escape(draft.PasswordFile), "", "the new password");
        return table;
    }

    // The environment wins over the file.
    private static IEnumerable<string> Overrides(SetupDraft draft) =>
        draft
            .Changes.Select(change => (change.Key, Variable: change.Key.Replace(":", "__", StringComparison.Ordinal)))
            .Where(change => Environment.GetEnvironmentVariable(change.Variable) is not null)
            .Select(change => $"The environment variable {change.Variable} is set here, and wins over {change.Key} of the file.");

    private static void Write(SetupDraft draft, Action<string> say)
    {
        if (draft.Changes.Count == 0 && draft.NewPassword is null)
            say($"Nothing changes; {draft.Path} stays as it is.");
        foreach (var (file, backup) in new SetupWriter(TimeProvider.System).Write(draft))
            say(backup is null ? $"Written: {file}" : $"Written: {file}; what was there before is in {backup}");
    }

    private static int Restart(Action<string> say)
    {
        if (NodeUnit.Restart() is { } fault)
        {
            Console.Error.WriteLine(fault);
            return ExitCode.Fault;
        }

        say("The service runs with the new settings.");
        return ExitCode.Clean;
    }
}
