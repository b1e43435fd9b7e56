using System.Text.Json;
using FaceLandmark.Health;

namespace FaceLandmark.Control;

/// <summary>The verb <c>health</c>: how the node is.</summary>
internal sealed class HealthCommand(NodeHealth health) : ICommand
{
    /// <inheritdoc/>
    public Task<JsonElement?> ExecuteAsync(CommandArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        arguments.ThrowIfUnknown();
        return Task.FromResult<JsonElement?>(
            JsonSerializer.SerializeToElement(health.Describe(), HealthJson.Default.HealthReport)
        );
    }
}
