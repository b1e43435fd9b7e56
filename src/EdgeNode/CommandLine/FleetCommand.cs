using System.CommandLine;
using System.Text.Json;
using FaceLandmark.Configuration;
using FaceLandmark.Fleet;
using FaceLandmark.Mqtt;
using Spectre.Console;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>fleet</c>: all nodes below a broker, what is wrong first.</summary>
internal static class FleetCommand
{
    // What the broker retains comes at once after the subscription; figures come every second.
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan s_listenAtMost = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(1);

    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var json = new Option<bool>("--json") { Description = "Print JSON: one object, or with --watch one a second." };
        var watch = new Option<bool>("--watch") { Description = "Go on until stopped." };
        var duration = new Option<string?>("--for")
        {
            Description = "Listen for this time: 5s, 1min. Otherwise until nothing new comes.",
            HelpName = "time",
        };
        duration.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(OptionsTree.ToDuration(result.Tokens[0].Value) > TimeSpan.Zero))
                result.AddError($"--for is '{result.Tokens[0].Value}', but must be a time such as 5s or 1min.");
        });
        var command = new Command("fleet", "Shows all nodes below the broker's base topic, what is wrong first.") { json, watch, duration };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var listenFor = parsed.GetValue(duration) is { } time ? OptionsTree.ToDuration(time) : null;
                await ShowAsync(context.Load(parsed).Mqtt, parsed.GetValue(json), parsed.GetValue(watch), listenFor, cancellationToken)
                    .ConfigureAwait(false);
                return ExitCode.Clean;
            }
        );
        return command;
    }

    private static async Task ShowAsync(MqttOptions mqtt, bool json, bool goesOn, TimeSpan? listenFor, CancellationToken cancellationToken)
    {
        using var broker = new BrokerVisit(mqtt, "fleet", TimeProvider.System);
        var fleet = new FleetWatch(mqtt.BaseTopic, TimeProvider.System);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var subscribed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var listening = broker.ListenAsync(
            fleet.Subscriptions,
            fault =>
            {
                if (fault is null)
                    subscribed.TrySetResult();
                else
                    Console.Error.WriteLine(fault);
            },
            end.Token,
            asksAgain: goesOn
        );
        try
        {
            await (await Task.WhenAny(listening, subscribed.Task).ConfigureAwait(false)).ConfigureAwait(false);
            if (goesOn)
                await WatchAsync(Report, json, listenFor, end.Token).ConfigureAwait(false);
            else
                await ListenAsync(fleet, listenFor, end.Token).ConfigureAwait(false);
            if (!goesOn && !cancellationToken.IsCancellationRequested)
                Print(Report(), json);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await listening.ConfigureAwait(false);
        }

        FleetReport Report() => FleetReport.Of(fleet.Snapshot(), broker.Address, mqtt.BaseTopic, TimeProvider.System.GetUtcNow());
    }

    private static async Task ListenAsync(FleetWatch fleet, TimeSpan? listenFor, CancellationToken stop)
    {
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            var left =
                listenFor is { } time ? time - clock.GetElapsedTime(began)
                : clock.GetElapsedTime(began) > s_listenAtMost ? TimeSpan.Zero
                : s_quiet - clock.GetElapsedTime(Math.Max(began, fleet.LastNews));
            if (left <= TimeSpan.Zero)
                return;
            await Task.Delay(left, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task WatchAsync(Func<FleetReport> report, bool json, TimeSpan? watchFor, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (watchFor is { } time)
            limit.CancelAfter(time);
        if (json || Console.IsOutputRedirected)
        {
            while (!limit.IsCancellationRequested)
            {
                await Task.Delay(s_refresh, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Print(report(), json);
            }

            return;
        }

        await AnsiConsole
            .Live(FleetTable.Of(report()))
            .StartAsync(async live =>
            {
                while (!limit.IsCancellationRequested)
                {
                    live.UpdateTarget(FleetTable.Of(report()));
                    await Task.Delay(s_refresh, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            })
            .ConfigureAwait(false);
    }

    private static void Print(FleetReport report, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, FleetJson.Default.FleetReport));
            return;
        }

        // A file or a pipe has no width; a table that is cut would lose what matters.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = 240;
        AnsiConsole.Write(FleetTable.Of(report));
    }
}
