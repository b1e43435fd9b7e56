using System.CommandLine;
using FaceLandmark.Benchmarks;
using FaceLandmark.Configuration;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>bench</c>: what this machine makes of the program, beside the bare engine and the targets of the project.</summary>
internal static class BenchCommand
{
    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var json = new Option<bool>("--json") { Description = "Print one JSON object: the targets and all figures." };
        var quick = new Option<bool>("--quick") { Description = "Take about a minute instead of about eight." };
        var tiny = new Option<bool>("--tiny")
        {
            Description = "A few frames of everything: shows that it works and measures nothing.",
            Hidden = true,
        };
        var plot = new Option<string?>("--plot") { Description = "Draw the curves as PNG files into this folder.", HelpName = "dir" };
        var peer = new Option<string?>("--peer")
        {
            Description = "Compare with this script, such as tests/EdgeNode.Benchmarks/peers/opencv_dnn.py.",
            HelpName = "script",
        };
        var soak = new Option<string?>("--soak")
        {
            Description = "Watch memory at saturation for this time: 10min, 1h.",
            HelpName = "time",
        };
        plot.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && BenchCurves.Refuse(result.Tokens[0].Value) is { } reason)
                result.AddError(reason);
        });
        peer.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !File.Exists(result.Tokens[0].Value))
                result.AddError($"--peer is '{result.Tokens[0].Value}', but there is no such file: give the path of a script.");
        });
        soak.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(OptionsTree.ToDuration(result.Tokens[0].Value) > TimeSpan.Zero))
                result.AddError($"--soak is '{result.Tokens[0].Value}', but must be a time such as 30s, 10min or 1h.");
        });
        var command = new Command("bench", "Measures speed, latency and memory on this machine, side by side with the bare engine.")
        {
            json,
            quick,
            tiny,
            plot,
            peer,
            soak,
            Host(context),
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var plan =
                    parsed.GetValue(tiny) ? BenchPlan.Tiny
                    : parsed.GetValue(quick) ? BenchPlan.Quick
                    : BenchPlan.Full;
                if (parsed.GetValue(soak) is { } time)
                    plan = plan with { Soak = OptionsTree.ToDuration(time)!.Value.TotalSeconds };
                var settings = new BenchSettings(plan, parsed.GetValue(peer), new ThisProgram(context.Arguments(parsed)));
                var report = await RunAsync(context.Load(parsed), settings, cancellationToken).ConfigureAwait(false);
                if (parsed.GetValue(plot) is { } folder)
                    foreach (var file in BenchCurves.Save(folder, report))
                        await Console.Error.WriteLineAsync(file).ConfigureAwait(false);
                Console.WriteLine(parsed.GetValue(json) ? report.ToJson() : BenchTable.Of(report));
                return ExitCode.Clean;
            }
        );
        return command;
    }

    private static async Task<BenchReport> RunAsync(EdgeNodeOptions options, BenchSettings settings, CancellationToken stop)
    {
        await using var run = await BenchRun.StartAsync(options, settings, stop).ConfigureAwait(false);
        await Progress
            .OfStepsAsync("bench", [.. run.Steps().Select(step => (step.Name, new Func<Task>(() => step.RunAsync(stop))))])
            .ConfigureAwait(false);
        return run.Report();
    }

    /// <summary>The measuring process, which the verb starts for itself.</summary>
    private static Command Host(CommandContext context)
    {
        var command = new Command(TrialProcess.Verb, "Serves measurements to another process.") { Hidden = true };
        command.SetAction(
            async (parsed, _) =>
            {
                await TrialHost.RunAsync(context.Load(parsed), Console.In, Console.Out).ConfigureAwait(false);
                return ExitCode.Clean;
            }
        );
        return command;
    }
}
