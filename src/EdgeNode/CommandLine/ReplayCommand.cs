using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FaceLandmark.Mqtt;
using FaceLandmark.Recordings;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>replay</c>: recordings back to a broker.</summary>
internal static class ReplayCommand
{
    /// <summary>The verb.</summary>
    internal const string Name = "replay";

    private const double Slowest = 0.001;
    private const double Fastest = 1e6;

    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var paths = new Argument<string[]>("file")
        {
            Description = "Recordings, in order; also what video --jsonl wrote.",
            Arity = ArgumentArity.OneOrMore,
        };
        var speed = new Option<double>("--speed")
        {
            Description = "1 as it was, 10 ten times as fast, max as fast as the broker takes it.",
            DefaultValueFactory = _ => 1,
            CustomParser = ParseSpeed,
            HelpName = "n|max",
        };
        var command = new Command(Name, "Publishes recorded messages again, marked as replay.") { paths, speed };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var options = context.Load(parsed).Mqtt;
                using var broker = new BrokerVisit(options, Name, TimeProvider.System);
                var exitCode = ExitCode.Clean;
                foreach (var path in parsed.GetValue(paths)!)
                {
                    var reader = new RecordingReader(path, options.BaseTopic);
                    var run = new ReplayRun(broker, parsed.GetValue(speed), TimeProvider.System);
                    await run.RunAsync(reader.Messages(), cancellationToken).ConfigureAwait(false);
                    Console.WriteLine($"{path}: {run.Messages} {(run.Messages == 1 ? "message" : "messages")} published.");
                    if (run.TimesBack > 0)
                        Console.Error.WriteLine(
                            $"The times in '{path}' go back {(run.TimesBack == 1 ? "once" : $"{run.TimesBack} times")}: "
                                + "those messages were published at once."
                        );
                    if (reader.BadLines > 0)
                    {
                        Console.Error.WriteLine(
                            $"{reader.BadLines} {(reader.BadLines == 1 ? "line" : "lines")} of '{path}' cannot be read and "
                                + $"{(reader.BadLines == 1 ? "was" : "were")} left out, first line {reader.FirstBadLine}: it is damaged."
                        );
                        exitCode = ExitCode.Fault;
                    }
                }

                return exitCode;
            }
        );
        return command;
    }

    private static double ParseSpeed(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text == "max")
            return double.PositiveInfinity;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var speed) && speed is >= Slowest and <= Fastest)
            return speed;
        result.AddError($"--speed is '{text}', but must be a number from 0.001 to 1000000, or max.");
        return 1;
    }
}
