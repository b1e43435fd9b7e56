using System.CommandLine;
using FaceLandmark.Hosting;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>doctor</c>: what is in place, what is missing, what to do.</summary>
internal static class DoctorCommand
{
    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var command = new Command("doctor", "Checks cameras, broker, models, native libraries and devices.");
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var findings = await NodeDoctor.ExamineAsync(context.Load(parsed), cancellationToken).ConfigureAwait(false);
                foreach (var finding in findings)
                    Console.WriteLine(finding.ToText());
                return findings.Any(finding => finding.Verdict == Finding.Missing) ? ExitCode.Fault : ExitCode.Clean;
            }
        );
        return command;
    }
}
