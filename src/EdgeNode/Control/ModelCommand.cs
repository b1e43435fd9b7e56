using System.Text.Json;
using System.Text.Json.Serialization;
using FaceLandmark.Inference;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;
using FaceLandmark.Preprocess;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Control;

/// <summary>
/// The verb <c>model</c>: <c>{model}</c>, the name of a card of the model folder. It is loaded, its hash compared and its self-test passed
/// beside the running one; only then it takes its place, between two frames. Whatever fails before that leaves the running one as it is.
/// Without <c>model</c> the answer says which runs.
/// </summary>
internal sealed class ModelCommand(
    SwitchableNetwork network,
    ModelsOptions models,
    EnginesOptions engines,
    Action switched,
    ILogger<ModelCommand> logger,
    PreprocessPath path = PreprocessPath.Own
) : ICommand
{
    private Task _underWay = Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<JsonElement?> ExecuteAsync(CommandArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var name = arguments.Text("model");
        arguments.ThrowIfUnknown();
        if (name is not null)
            await SwitchAsync(name, cancellationToken);
        var model = network.Info.Model;
        return JsonSerializer.SerializeToElement(
            new ModelAnswer(model.Name, model.Sha256, network.Info.Name),
            ControlJson.Default.ModelAnswer
        );
    }

    // A network may compute for ever, and a library may hang: the sender is answered in time, and the thread is left to it.
    private async Task SwitchAsync(string name, CancellationToken cancellationToken)
    {
        if (!_underWay.IsCompleted)
            throw new CommandException(
                "The model of an earlier command is still being tried: send this command again later, or restart the node."
            );
        _underWay = Task.Factory.StartNew(
            () => Switch(name, cancellationToken),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        await _underWay.WaitAsync(cancellationToken);
    }

    private void Switch(string name, CancellationToken cancellationToken)
    {
        try
        {
            // By name only: a command must not make the node read any file of the machine.
            var card =
                new ModelCatalogue(models).List().FirstOrDefault(card => card.Name == name)
                ?? throw new CommandException($"There is no model '{name}' in the model folder.");
            var old = network.Info.Model.Name;
            var next = EngineFactory.OpenNetwork(card, engines, path);
            try
            {
                using (cancellationToken.UnsafeRegister(static late => ((LandmarkNetwork)late!).GiveUp(), next))
                    SelfTestRun.Of(next); // as at the start: what could not start is not switched in
                cancellationToken.ThrowIfCancellationRequested();
                network.Replace(next);
            }
            catch
            {
                next.Dispose();
                throw;
            }

            logger.ModelSwitched(card.Name, old);
            switched();
        }
        catch (ExplainedException reason) when (reason is not CommandException)
        {
            throw new CommandException($"The model '{network.Info.Model.Name}' stays in use: {reason.Message}");
        }
    }

    /// <summary>Which model runs, on which engine.</summary>
    internal sealed record ModelAnswer(
        string Model,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Sha256,
        string Engine
    );
}
