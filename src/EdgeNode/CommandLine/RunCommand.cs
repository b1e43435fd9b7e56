using System.CommandLine;
using System.Globalization;
using FaceLandmark.Configuration;
using FaceLandmark.Hosting;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>run</c>: cameras to MQTT until stopped.</summary>
internal static class RunCommand
{
    /// <summary>The verb.</summary>
    internal const string Name = "run";

    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var source = new Option<string?>("--source")
        {
            Description = "One camera, cam0: demo, a device (/dev/video0 or 0), a video file, a URL, a folder of pictures.",
            HelpName = "source",
        };
        var frames = new Option<long?>("--frames") { Description = "End after this many frames.", HelpName = "n" };
        var duration = new Option<string?>("--for") { Description = "End after this time: 30s, 5min, 1h.", HelpName = "time" };
        var report = new Option<string?>("--report")
        {
            Description = "Print a report as the last line of standard output.",
            HelpName = "json",
        };
        report.AcceptOnlyFromAmong("json");
        frames.Validators.Add(result =>
        {
            if (
                result.Tokens.Count == 1
                && !(long.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0)
            )
                result.AddError($"--frames is '{result.Tokens[0].Value}', but must be a whole number above 0.");
        });
        duration.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(OptionsTree.ToDuration(result.Tokens[0].Value) > TimeSpan.Zero))
                result.AddError($"--for is '{result.Tokens[0].Value}', but must be a time such as 30s, 5min or 1h.");
        });

        var command = new Command(Name, "Runs the node (the default).") { source, frames, duration, report };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var options = context.Load(parsed, parsed.GetValue(source));
                var limits = new RunLimits(
                    parsed.GetValue(frames),
                    parsed.GetValue(duration) is { } time ? OptionsTree.ToDuration(time) : null
                );
                var outcome = await NodeHost.RunAsync(options, limits, cancellationToken).ConfigureAwait(false);
                if (outcome.Fault is not null)
                    await ServiceManager.WriteErrorAsync(outcome.Fault).ConfigureAwait(false);
                if (parsed.GetValue(report) is not null && outcome.Report is not null)
                    Console.WriteLine(outcome.Report.ToJson());
                return outcome.Fault is null ? ExitCode.Clean : outcome.IsOfSettings ? ExitCode.BadUsage : ExitCode.Fault;
            }
        );
        return command;
    }
}
