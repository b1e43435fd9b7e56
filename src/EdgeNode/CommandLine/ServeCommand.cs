using System.CommandLine;
using System.Runtime.CompilerServices;
using FaceLandmark.Configuration;
using FaceLandmark.Hosting;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>serve</c>: this machine's engines for others, by the Open Inference Protocol.</summary>
internal static class ServeCommand
{
    /// <summary>The verb.</summary>
    internal const string Name = "serve";

    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var command = new Command(Name, "Serves the models by the Open Inference Protocol (KServe v2), over gRPC and REST.");
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await RunAsync(context.Load(parsed), cancellationToken).ConfigureAwait(false);
                return ExitCode.Clean;
            }
        );
        return command;
    }

    // A method of its own, so that other verbs do not load the libraries of gRPC.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task RunAsync(EdgeNodeOptions options, CancellationToken cancellationToken) =>
        ServeHost.RunAsync(options, cancellationToken);
}
