using System.Runtime.InteropServices;
using FaceLandmark.Configuration;
using FaceLandmark.Serving;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Hosting;

/// <summary>The inference server: models loaded, served until asked to stop, drained.</summary>
internal static class ServeHost
{
    /// <summary>Serves until the token, or until a signal asks the program to end.</summary>
    /// <exception cref="Platform.ExplainedException">A model cannot be loaded, or a port cannot be had.</exception>
    public static async Task RunAsync(EdgeNodeOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true; // the process ends when what is under way is answered
            end.Cancel();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await ServeAsync(options, end.Token).ConfigureAwait(false);
    }

    private static async Task ServeAsync(EdgeNodeOptions options, CancellationToken cancellationToken)
    {
        using var loggers = LoggerFactory.Create(logging => NodeHost.Configure(logging, options.Diagnostics.LogLevel));
        var logger = loggers.CreateLogger(typeof(ServeHost));
        using var models = await Task.Run(
                () =>
                    ServedModels.Load(
                        options.Serve,
                        options.Models,
                        options.Engines,
                        options.Pictures,
                        options.Preprocess.Path,
                        logger
                    ),
                CancellationToken.None
            )
            .WaitAsync(cancellationToken)
            .ConfigureAwait(false);
        await using var server = await InferenceServer
            .StartAsync(options.Serve, models, options.Node.DrainFor, TimeProvider.System, loggers)
            .ConfigureAwait(false);
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }

        await server.StopAsync().ConfigureAwait(false);
    }
}
