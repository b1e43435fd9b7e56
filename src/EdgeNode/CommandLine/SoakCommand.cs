using System.CommandLine;
using System.Globalization;
using FaceLandmark.Configuration;
using FaceLandmark.Hosting;
using FaceLandmark.Soak;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>soak</c>: a node under faults, with a verdict.</summary>
internal static class SoakCommand
{
    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var duration = new Option<string>("--for")
        {
            Description = "How long: 20s at least, 2h to learn how memory goes.",
            HelpName = "time",
            DefaultValueFactory = _ => "60s",
        };
        var seed = new Option<int>("--seed")
        {
            Description = "Another number gives other faults; the same one the same.",
            HelpName = "n",
            DefaultValueFactory = _ => 1,
        };
        var json = new Option<bool>("--json") { Description = "Print the report as one line of JSON." };
        duration.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(OptionsTree.ToDuration(result.Tokens[0].Value) >= SoakPlan.Least))
                result.AddError(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"--for is '{result.Tokens[0].Value}', but must be a time of {SoakPlan.Least.TotalSeconds:0}s at least, such as "
                            + $"10min or 2h."
                    )
                );
        });

        var command = new Command("soak", "Runs a node on demo cameras under random faults and accounts for every frame.")
        {
            duration,
            seed,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var time = OptionsTree.ToDuration(parsed.GetValue(duration)!)!.Value;
                var run = new SoakRun(context.Load(parsed), parsed.GetValue(seed), time, TimeProvider.System);
                try
                {
                    var report = await Progress.OfTimeAsync("soak", time, () => run.RunAsync(cancellationToken)).ConfigureAwait(false);
                    Console.WriteLine(parsed.GetValue(json) ? report.ToJson() : report.ToText());
                    return report.Verdict == "ok" ? ExitCode.Clean : ExitCode.Fault;
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    const string NoVerdict = "The soak was stopped before its time: there is no verdict.";
                    await ServiceManager.WriteErrorAsync(NoVerdict).ConfigureAwait(false);
                    return ExitCode.Fault;
                }
            }
        );
        return command;
    }
}
