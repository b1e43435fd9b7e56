using System.CommandLine;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>model remove</c>: deletes a model's card and weights.</summary>
public static class ModelRemoveCommand
{
    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var name = new Argument<string>("name") { Description = "Name of the model." };
        var command = new Command("remove", "Deletes a model of the model folder.") { name };
        command.SetAction(parsed =>
        {
            var options = context.Load(parsed);
            var model = parsed.GetValue(name)!;
            if (model == options.Models.Default)
                throw new ModelException($"The model '{model}' is in use (Models:Default): choose another one there before it is removed.");
            foreach (var path in new ModelCatalogue(options.Models).Remove(model))
                Console.WriteLine($"removed {path}");
            return ExitCode.Clean;
        });
        return command;
    }
}
