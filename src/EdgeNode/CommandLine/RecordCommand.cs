using System.CommandLine;
using System.Globalization;
using FaceLandmark.Configuration;
using FaceLandmark.Mqtt;
using FaceLandmark.Recordings;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>record</c>: messages of a broker to files.</summary>
internal static class RecordCommand
{
    /// <summary>The verb.</summary>
    internal const string Name = "record";

    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var path = new Argument<string>("file")
        {
            Description = "Where to: a .jsonl file. One that is there is not overwritten; the new one is then called NAME-2.jsonl.",
        };
        var all = new Option<bool>("--all")
        {
            Description = "Everything that nodes publish, pictures included, instead of landmarks and events.",
        };
        var duration = new Option<string?>("--for") { Description = "End after this time: 30s, 5min, 1h.", HelpName = "time" };
        var size = new Option<int>("--rotate-size")
        {
            Description = "Begin the next file after so many megabytes; 1 to 1000000.",
            DefaultValueFactory = _ => 100,
            HelpName = "MB",
        };
        var every = new Option<string>("--rotate-every")
        {
            Description = "Begin the next file after this time.",
            DefaultValueFactory = _ => "1h",
            HelpName = "time",
        };
        var command = new Command(Name, "Records the messages of a broker.") { path, all, duration, size, every };
        size.Validators.Add(result =>
        {
            if (
                result.Tokens.Count == 1
                && !(
                    int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                    && n is > 0 and <= 1_000_000
                )
            )
                result.AddError($"--rotate-size is '{result.Tokens[0].Value}', but must be a whole number of megabytes from 1 to 1000000.");
        });
        foreach (var option in (Option[])[duration, every])
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens.Count == 1 && !(OptionsTree.ToDuration(result.Tokens[0].Value) > TimeSpan.Zero))
                    result.AddError($"{option.Name} is '{result.Tokens[0].Value}', but must be a time such as 30s, 5min or 1h.");
            });
        }

        path.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && Refuse(result.Tokens[0].Value) is { } refusal)
                result.AddError(refusal);
        });
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var options = context.Load(parsed).Mqtt;
                using var broker = new BrokerVisit(options, Name, TimeProvider.System);
                using var file = new RecordingFile(
                    parsed.GetValue(path)!,
                    broker.Address,
                    1_000_000L * parsed.GetValue(size),
                    OptionsTree.ToDuration(parsed.GetValue(every)!) ?? TimeSpan.FromHours(1),
                    TimeProvider.System
                );
                var cameras = $"{options.BaseTopic}/+/cameras/+/";
                IReadOnlyList<string> filters = parsed.GetValue(all)
                    ? [options.BaseTopic + "/#"]
                    : [cameras + "landmarks", cameras + "events"];
                using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                if (parsed.GetValue(duration) is { } text && OptionsTree.ToDuration(text) is { } time)
                    end.CancelAfter(time);
                try
                {
                    await new RecordRun(file, broker, filters, TimeProvider.System)
                    {
                        Tell = Console.Error.WriteLine,
                        Listening = () => Console.Error.WriteLine($"Recording {string.Join(", ", filters)} of {broker.Address}."),
                    }
                        .RunAsync(end.Token)
                        .ConfigureAwait(false);
                }
                finally
                {
                    foreach (var written in file.Files)
                        Console.WriteLine(written);
                }

                Console.Error.WriteLine(file.Messages == 1 ? "Recorded 1 message." : $"Recorded {file.Messages} messages.");
                return ExitCode.Clean;
            }
        );
        return command;
    }

    private static string? Refuse(string path)
    {
        if (path.Length == 0 || Path.EndsInDirectorySeparator(path) || Directory.Exists(path))
            return $"'{path}' is a folder, but must name a file.";
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return Directory.Exists(folder) ? null : $"The file is '{path}', but there is no folder {folder}: make it first.";
    }
}
