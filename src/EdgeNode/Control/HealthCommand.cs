using System.Text.Json.Nodes;
using FaceLandmark.Health;

namespace FaceLandmark.Control;

/// <summary>The verb <c>health</c>: how the node is.</summary>
internal sealed class HealthCommand(NodeHealth health) : ICommand
{
    /// <inheritdoc/>
    public Task<JsonObject?> ExecuteAsync(CommandArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        arguments.ThrowIfUnknown();
        return Task.FromResult<JsonObject?>(health.Describe());
    }
}
