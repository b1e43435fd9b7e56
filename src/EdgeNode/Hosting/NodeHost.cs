using System.Diagnostics.Metrics;
using FaceLandmark.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Hosting;

/// <summary>The host of a node: signals of the system, logging to standard error, meters.</summary>
internal static class NodeHost
{
    /// <summary>Runs a node until it ends by its limits, its sources, a fault or a signal.</summary>
    public static async Task<RunOutcome> RunAsync(EdgeNodeOptions options, RunLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(limits);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        Configure(builder.Logging, options.Diagnostics.LogLevel);
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);

        // Frames under way have DrainFor, and messages have it after them.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = (2 * options.Node.DrainFor) + TimeSpan.FromSeconds(10));
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(provider => new Node(
            options,
            limits,
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<IMeterFactory>(),
            TimeProvider.System
        ));
        builder.Services.AddHostedService<NodeService>();

        using var host = builder.Build();
        var service = host.Services.GetServices<IHostedService>().OfType<NodeService>().Single();
        await host.RunAsync(cancellationToken).ConfigureAwait(false);
        return service.Outcome;
    }

    /// <summary>Logs go to standard error, a line each.</summary>
    internal static void Configure(ILoggingBuilder logging, LogLevel level)
    {
        logging.SetMinimumLevel(level);
        logging.AddFilter("Microsoft.Hosting", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Grpc", LogLevel.None); // clients hear what they do wrong
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace
        );
        if (ServiceManager.IsManaged)
            logging.AddSystemdConsole(); // the last format holds: priorities for the journal, which has the time
    }
}
