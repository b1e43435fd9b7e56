using System.Text.Json.Nodes;
using FaceLandmark.Inference;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;

namespace FaceLandmark.Control;

/// <summary>The verb <c>mode</c>: <c>{mode}</c> switches the dispatch; without it the answer says which holds.</summary>
internal sealed class ModeCommand(IDispatchControl dispatch) : ICommand
{
    /// <inheritdoc/>
    public Task<JsonObject?> ExecuteAsync(CommandArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var word = arguments.Choice("mode", [.. Enum.GetValues<DispatchMode>().Select(mode => mode.Word())]);
        arguments.ThrowIfUnknown();
        try
        {
            if (word is not null)
                dispatch.Mode = Enum.GetValues<DispatchMode>().Single(mode => mode.Word() == word);
        }
        catch (EngineException reason)
        {
            throw new CommandException(reason.Message);
        }

        var status = dispatch.Status;
        var answer = new JsonObject
        {
            ["mode"] = status.Mode.Word(),
            ["inUse"] = new JsonArray([.. status.InUse.Select(engine => (JsonNode)engine)]),
        };
        if (status.Failed is not null)
            answer["failed"] = status.Failed;
        return Task.FromResult<JsonObject?>(answer);
    }
}
