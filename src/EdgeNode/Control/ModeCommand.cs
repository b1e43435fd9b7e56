using System.Text.Json;
using FaceLandmark.Inference;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;

namespace FaceLandmark.Control;

/// <summary>The verb <c>mode</c>: <c>{mode}</c> switches the dispatch; without it the answer says which holds.</summary>
internal sealed class ModeCommand(IDispatchControl dispatch) : ICommand
{
    /// <inheritdoc/>
    public Task<JsonElement?> ExecuteAsync(CommandArguments arguments, CancellationToken cancellationToken)
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
        var answer = new ModeAnswer(status.Mode.Word(), status.InUse, status.Failed);
        return Task.FromResult<JsonElement?>(JsonSerializer.SerializeToElement(answer, ControlJson.Default.ModeAnswer));
    }

    /// <summary>Which dispatch holds, with which engines, and why the DRP-AI is not used.</summary>
    internal sealed record ModeAnswer(string Mode, IReadOnlyList<string> InUse, string? Failed);
}
