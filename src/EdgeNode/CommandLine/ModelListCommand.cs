using System.CommandLine;
using FaceLandmark.Models;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>model list</c>: one line a model.</summary>
internal static class ModelListCommand
{
    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var command = new Command("list", "Lists the models of the model folder.");
        command.SetAction(parsed =>
        {
            var options = context.Load(parsed);
            var catalogue = new ModelCatalogue(options.Models);
            foreach (var card in catalogue.List(Console.Error.WriteLine))
            {
                var mark = card.Name == options.Models.Default ? "*" : " ";
                var state = File.Exists(card.Path) ? "" : " (weights missing)";
                Console.WriteLine($"{mark} {card.Name}  {card.LandmarkSet}  {card.InputSize}x{card.InputSize}  {card.Description}{state}");
            }

            return ExitCode.Clean;
        });
        return command;
    }
}
