using System.Text.Json;

namespace FaceLandmark.Control;

/// <summary>
/// The verb <c>restart</c>: the node stops as it would at a signal, but with the exit status that makes a supervisor start it again.
/// </summary>
internal sealed class RestartCommand : ICommand
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it was asked for.</summary>
    public Task Asked => _asked.Task;

    /// <inheritdoc/>
    public Task<JsonElement?> ExecuteAsync(CommandArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        arguments.ThrowIfUnknown();
        _asked.TrySetResult();
        return Task.FromResult<JsonElement?>(null);
    }
}
