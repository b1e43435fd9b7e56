using System.Text.Json.Nodes;
using FaceLandmark.Publish;

namespace FaceLandmark.Control;

/// <summary>The verb <c>preview</c>: <c>{enabled, rate, maxSize, quality, overlay}</c>, each optional; holds until the node ends.</summary>
internal sealed class PreviewCommand(PreviewPublisher previews) : ICommand
{
    /// <inheritdoc/>
    public Task<JsonObject?> ExecuteAsync(CommandArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var now = previews.Settings;
        var next = now with
        {
            Enabled = arguments.Flag("enabled") ?? now.Enabled,
            Rate = arguments.Number("rate", PreviewOptions.LeastRate, PreviewOptions.MostRate) ?? now.Rate,
            MaxSize = arguments.Whole("maxSize", PreviewOptions.LeastSize, PreviewOptions.MostSize) ?? now.MaxSize,
            Quality = arguments.Whole("quality", 1, 100) ?? now.Quality,
            Overlay = arguments.Flag("overlay") ?? now.Overlay,
        };
        arguments.ThrowIfUnknown();
        previews.Settings = next;
        return Task.FromResult<JsonObject?>(
            new JsonObject
            {
                ["enabled"] = next.Enabled,
                ["rate"] = next.Rate,
                ["maxSize"] = next.MaxSize,
                ["quality"] = next.Quality,
                ["overlay"] = next.Overlay,
            }
        );
    }
}
