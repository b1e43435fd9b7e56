using System.CommandLine;
using FaceLandmark.Configuration;
using FaceLandmark.Hosting;
using FaceLandmark.Platform;

namespace FaceLandmark.CommandLine;

/// <summary>
/// The command line: verbs, the settings given as <c>--Section:Key=value</c>, and how errors reach the person and the shell.
/// </summary>
internal static class EdgeNodeCommand
{
    private static readonly string[] s_verbs =
    [
        "run",
        "image",
        "video",
        "record",
        "replay",
        "plot",
        "model",
        "serve",
        "configure",
        "doctor",
        "bench",
        "fleet",
        "soak",
        "support",
        "--help",
        "-h",
        "-?",
        "--version",
    ];

    /// <summary>Runs a verb.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> InvokeAsync(string[] args)
    {
        var (settings, rest) = SettingArguments.Split(args);
        if (rest.Count == 0 || !s_verbs.Contains(rest[0], StringComparer.Ordinal))
            rest = ["run", .. rest];
        if (!rest[0].StartsWith('-') && rest[0] != "bench") // whose processes do different things under one name
            StartupProfile.Begin(rest[0]);
        var context = new CommandContext(settings);
        var root = new RootCommand(
            "Finds faces in camera frames, localises 98 landmarks on each and publishes them over MQTT. "
                + "Any setting of appsettings.json can be given as --Section:Key=value."
        )
        {
            RunCommand.Create(context),
            ImageCommand.Create(context),
            VideoCommand.Create(context),
            RecordCommand.Create(context),
            ReplayCommand.Create(context),
            PlotCommand.Create(context),
            ModelCommand.Create(context),
            ServeCommand.Create(context),
            ConfigureCommand.Create(context),
            DoctorCommand.Create(context),
            BenchCommand.Create(context),
            FleetCommand.Create(context),
            SoakCommand.Create(context),
            SupportCommand.Create(context),
        };
        root.Options.Add(context.ConfigFile);
        try
        {
            return await InvokeAsync(root, rest).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // the edge of the program: every fault becomes a sentence and one of the three exit codes
        catch (Exception reason)
#pragma warning restore CA1031
        {
            return await EndAsync(reason is AggregateException { InnerException: { } inner } ? inner : reason).ConfigureAwait(false);
        }
    }

    private static async Task<int> InvokeAsync(RootCommand root, IReadOnlyList<string> args)
    {
        // A file called @name is a file: arguments are never read out of files.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count == 0)
        {
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
            // By default the library ends the process 2 s after a signal. Node and server take signals themselves and have Node:DrainFor; a
            // film or a recording is completed, however long that takes.
            if (parsed.CommandResult.Command.Name is RunCommand.Name or ServeCommand.Name)
                invocation.ProcessTerminationTimeout = null;
            else if (parsed.CommandResult.Command.Name is VideoCommand.Name or RecordCommand.Name or ReplayCommand.Name)
                invocation.ProcessTerminationTimeout = Timeout.InfiniteTimeSpan;
            return await parsed.InvokeAsync(invocation).ConfigureAwait(false);
        }

        foreach (var error in parsed.Errors)
            await ServiceManager.WriteErrorAsync(error.Message).ConfigureAwait(false);
        await ServiceManager.WriteErrorAsync("`--help` after a verb lists its arguments and options.").ConfigureAwait(false);
        return ExitCode.BadUsage;
    }

    private static async Task<int> EndAsync(Exception reason)
    {
        switch (reason)
        {
            case OperationCanceledException: // asked to stop
            case OutputException { IsReaderGone: true }:
                return ExitCode.Clean;
            case ConfigurationException { Errors: var errors }:
                foreach (var error in errors)
                    await ServiceManager.WriteErrorAsync(error).ConfigureAwait(false);
                return ExitCode.BadUsage;
            case TypeInitializationException { InnerException: DllNotFoundException missing }:
                var fault = missing.Message.Split('\n')[0];
                await ServiceManager
                    .WriteErrorAsync($"A native library of the program cannot be loaded ({fault}): build for this machine's processor.")
                    .ConfigureAwait(false);
                return ExitCode.BadUsage;
            case ExplainedException:
            case IOException or UnauthorizedAccessException: // a disk that is full or read-only, a file of another user
                await ServiceManager.WriteErrorAsync(reason.Message).ConfigureAwait(false);
                return ExitCode.Fault;
            default:
                await ServiceManager
                    .WriteErrorAsync($"Unexpected fault: {reason.GetType().Name}: {reason.Message} This is a bug, please report it.")
                    .ConfigureAwait(false);
                return ExitCode.Fault;
        }
    }
}
