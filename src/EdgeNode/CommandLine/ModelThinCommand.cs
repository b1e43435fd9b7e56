using System.CommandLine;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Models.Quantize;

namespace FaceLandmark.CommandLine;

/// <summary>
/// The verb <c>model thin</c>: leaves out what of 8-bit models follows from other models, for packages, and restores it. It reads no
/// settings, so that those of an owner cannot keep a package from being installed.
/// </summary>
internal static class ModelThinCommand
{
    /// <summary>Describes the verb.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "The folder of the model cards." };
        var restore = new Option<bool>("--restore") { Description = "Restores what was left out; the thin files stay." };
        var command = new Command("thin", "Leaves weights of 8-bit models out that follow from other models, for packages.")
        {
            folder,
            restore,
        };
        command.SetAction(parsed =>
        {
            var cards = new ModelCatalogue(new ModelsOptions { Folder = Path.GetFullPath(parsed.GetValue(folder)!) }).List();
            foreach (var source in cards)
            {
                if (cards.FirstOrDefault(other => other.Name == source.Quantized) is not { } card)
                    continue;
                if (!parsed.GetValue(restore))
                    Thin(card, source);
                else if (File.Exists(card.Path + WeightsFile.Thin))
                {
                    ThinWeights.Restore(card, source);
                    Console.WriteLine($"restored {card.Path}");
                }
            }

            return ExitCode.Clean;
        });
        return command;
    }

    private static void Thin(ModelCard card, ModelCard source) =>
        Console.WriteLine(
            ThinWeights.Thin(card, source)
                ? $"{card.Path + WeightsFile.Thin} takes the place of {card.Path}"
                : $"{card.Path} stays: its weights are not those that `model quantize` makes of {source.Name}"
        );
}
