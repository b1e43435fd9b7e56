using System.Text.Json;
using FaceLandmark.Capture;

namespace FaceLandmark.Control;

/// <summary>
/// The verb <c>camera</c>: <c>{camera, action: start | stop | reopen}</c>; <c>camera</c> may be left out when there is one.
/// </summary>
internal sealed class CameraCommand(IReadOnlyDictionary<string, CameraControl> cameras) : ICommand
{
    /// <inheritdoc/>
    public Task<JsonElement?> ExecuteAsync(CommandArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var name = Named(arguments, cameras.Keys);
        var action =
            arguments.Choice("action", "start", "stop", "reopen")
            ?? throw new CommandException("'action' is missing: start, stop or reopen.");
        arguments.ThrowIfUnknown();
        var camera = cameras[name];
        var done = action switch
        {
            "start" => camera.Start(),
            "stop" => camera.Stop(),
            _ => camera.Reopen(),
        };
        if (!done)
            throw new CommandException($"The source of camera '{name}' has ended: restart the node to play it again.");
        return Task.FromResult<JsonElement?>(
            JsonSerializer.SerializeToElement(new CameraAnswer(name, action), ControlJson.Default.CameraAnswer)
        );
    }

    /// <summary>The camera that a command means.</summary>
    /// <exception cref="CommandException">There is no such camera, or none is named among several.</exception>
    internal static string Named(CommandArguments arguments, IEnumerable<string> cameras)
    {
        var all = cameras.Order(StringComparer.Ordinal).ToList();
        var name = arguments.Text("camera") ?? (all.Count == 1 ? all[0] : null);
        return name is not null && all.Contains(name)
            ? name
            : throw new CommandException($"'camera' must be one of {string.Join(", ", all)}.");
    }

    /// <summary>What was done to which camera.</summary>
    internal sealed record CameraAnswer(string Camera, string Action);
}
