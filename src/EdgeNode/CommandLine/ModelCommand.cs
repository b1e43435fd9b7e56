using System.CommandLine;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>model</c>.</summary>
internal static class ModelCommand
{
    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context) =>
        new("model", "Lists, verifies, evaluates, imports, quantises and removes landmark models.")
        {
            ModelListCommand.Create(context),
            ModelVerifyCommand.Create(context),
            ModelEvaluateCommand.Create(context),
            ModelImportCommand.Create(context),
            ModelQuantizeCommand.Create(context),
            ModelRemoveCommand.Create(context),
            ModelThinCommand.Create(),
        };
}
