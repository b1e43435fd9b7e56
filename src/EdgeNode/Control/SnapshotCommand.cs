using System.Text.Json;
using FaceLandmark.Mqtt;
using FaceLandmark.Publish;

namespace FaceLandmark.Control;

/// <summary>
/// The verb <c>snapshot</c>: <c>{camera}</c>; the camera's next frame goes out on its preview topic, also when previews are off.
/// </summary>
internal sealed class SnapshotCommand(PreviewPublisher previews, MqttTopics topics) : ICommand
{
    private static readonly TimeSpan s_within = TimeSpan.FromSeconds(30); // some cameras make a frame in ten seconds

    /// <inheritdoc/>
    public async Task<JsonElement?> ExecuteAsync(CommandArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var name = CameraCommand.Named(arguments, topics.Cameras);
        arguments.ThrowIfUnknown();
        if (previews.Privacy == PicturePrivacy.Off)
            throw new CommandException(PreviewCommand.NoPictures);
        try
        {
            var sequence =
                await previews.SnapshotAsync(name, s_within, cancellationToken)
                ?? throw new CommandException(
                    "The broker's maximum packet size is too small even for the smallest preview: raise it."
                );
            return JsonSerializer.SerializeToElement(
                new SnapshotAnswer(name, topics.Camera(name).Preview, sequence),
                ControlJson.Default.SnapshotAnswer
            );
        }
        catch (TimeoutException)
        {
            throw new CommandException($"Camera '{name}' delivered no frame within {s_within.TotalSeconds} s; its state says why.");
        }
    }

    /// <summary>Which frame went out, and where.</summary>
    internal sealed record SnapshotAnswer(string Camera, string Topic, long Seq);
}
