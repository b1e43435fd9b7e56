using System.Text.Json;
using System.Text.Json.Serialization;
using FaceLandmark.Publish;

namespace FaceLandmark.Control;

/// <summary>The verb <c>preview</c>: <c>{enabled, rate, maxSize, quality, overlay}</c>, each optional; holds until the node ends.</summary>
internal sealed class PreviewCommand(PreviewPublisher previews) : ICommand
{
    /// <summary>The refusal where no picture may be published.</summary>
    internal const string NoPictures = "This node publishes no pictures: its Privacy:Preview is off.";

    /// <inheritdoc/>
    public Task<JsonElement?> ExecuteAsync(CommandArguments arguments, CancellationToken cancellationToken)
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
        if (next.Enabled == true && previews.Privacy == PicturePrivacy.Off)
            throw new CommandException(NoPictures);
        previews.Settings = next;
        var answer = new PreviewAnswer(next.Enabled, next.Rate, next.MaxSize, next.Quality, next.Overlay);
        return Task.FromResult<JsonElement?>(JsonSerializer.SerializeToElement(answer, ControlJson.Default.PreviewAnswer));
    }

    /// <summary>The settings that hold now.</summary>
    internal sealed record PreviewAnswer(
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] bool? Enabled,
        double Rate,
        int MaxSize,
        int Quality,
        bool Overlay
    );
}
