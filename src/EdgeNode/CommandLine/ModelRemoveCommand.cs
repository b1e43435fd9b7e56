using System.CommandLine;
using FaceLandmark.Models;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>model remove</c>: deletes a model's card and weights.</summary>
internal static class ModelRemoveCommand
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
            foreach (var path in new ModelCatalogue(options.Models).Remove(model))
                Console.WriteLine($"removed {path}");
            return ExitCode.Clean;
        });
        return command;
    }
}
