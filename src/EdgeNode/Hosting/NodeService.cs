using Microsoft.Extensions.Hosting;

namespace FaceLandmark.Hosting;

/// <summary>Binds a node's life to the host's: the host's stop stops the node, the node's end ends the host.</summary>
internal sealed class NodeService(Node node, IHostApplicationLifetime lifetime) : BackgroundService
{
    /// <summary>How the run ended; meaningful after the host has stopped.</summary>
    public RunOutcome Outcome { get; private set; } = new(null, null);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Loading models must not hold the host's start up, nor a signal that comes meanwhile.
            Outcome = await Task.Run(() => node.RunAsync(stoppingToken), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            lifetime.StopApplication();
        }
    }
}
