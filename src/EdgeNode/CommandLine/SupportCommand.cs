using System.CommandLine;
using System.Globalization;
using FaceLandmark.Hosting;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>support</c>: what helps to find a fault, as one file to be sent.</summary>
internal static class SupportCommand
{
    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var file = new Option<string?>("--out")
        {
            Description = "The zip file to write; by default facelandmark-support-TIME.zip in this folder.",
            HelpName = "file",
        };
        var command = new Command("support", "Writes a zip file with all that helps to find a fault; no pictures, no passwords.") { file };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var options = context.Load(parsed);
                var now = DateTimeOffset.UtcNow;
                var bundle = new SupportBundle(options, now);
                var findings = await NodeDoctor.ExamineAsync(options, cancellationToken).ConfigureAwait(false);
                bundle.Add("doctor.txt", string.Join('\n', findings.Select(finding => finding.ToText())));
                bundle.AddLastWords(options.Diagnostics.LastWords);
                var name = now.UtcDateTime.ToString("'facelandmark-support-'yyyyMMdd'T'HHmmss'Z.zip'", CultureInfo.InvariantCulture);
                var path = Path.GetFullPath(parsed.GetValue(file) ?? name);
                bundle.Write(path);
                Console.WriteLine(path);
                return ExitCode.Clean;
            }
        );
        return command;
    }
}
