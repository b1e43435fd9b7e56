using System.CommandLine;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Models.Import;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>model import</c>: a PyTorch checkpoint becomes a model of the folder, without Python.</summary>
internal static class ModelImportCommand
{
    private const long MostBytes = 1L << 30;

    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var source = new Argument<string>("file-or-url")
        {
            Description = "A DeepPose checkpoint (.pth of MMPose, traced .pt, .safetensors), or its https address.",
        };
        var name = new Option<string?>("--name")
        {
            Description = "Name of the model; by default deeppose- and the backbone.",
            HelpName = "name",
        };
        var size = new Option<int>("--size")
        {
            Description = "Side of the network's input, pixels.",
            DefaultValueFactory = _ => 256,
            HelpName = "pixels",
        };
        var landmarkSet = new Option<string?>("--landmark-set")
        {
            Description = "Layout of the landmarks; by default the usual one for their number.",
            HelpName = "name",
        };
        var weights = new Option<string>("--weights")
        {
            Description = "float32: exact; float16: half the file.",
            DefaultValueFactory = _ => "float32",
        };
        weights.AcceptOnlyFromAmong("float32", "float16");
        size.Validators.Add(result =>
        {
            if (result.GetValue(size) is < 32 or > 1024)
                result.AddError("--size must be from 32 to 1024.");
        });
        var command = new Command("import", "Makes a model of a PyTorch checkpoint or a safetensors file.")
        {
            source,
            name,
            size,
            landmarkSet,
            weights,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var catalogue = new ModelCatalogue(context.Load(parsed).Models);
                var options = new ImportOptions(
                    parsed.GetValue(name),
                    parsed.GetValue(size),
                    parsed.GetValue(landmarkSet),
                    parsed.GetValue(weights) == "float16"
                );
                var card = await ImportAsync(parsed.GetValue(source)!, catalogue, options, cancellationToken).ConfigureAwait(false);
                Console.WriteLine(
                    $"{card.Name}: {card.Description}; input0 1x3x{card.InputSize}x{card.InputSize} -> 1x{card.Landmarks}x2 "
                        + $"({card.LandmarkSet}), {card.Path}"
                );
                return ExitCode.Clean;
            }
        );
        return command;
    }

    private static async Task<ModelCard> ImportAsync(
        string source,
        ModelCatalogue catalogue,
        ImportOptions options,
        CancellationToken cancellationToken
    )
    {
        if (!CheckpointDownload.IsAddress(source))
        {
            if (
                CheckpointDownload.HashIn(source) is { } hash
                && File.Exists(source)
                && !WeightsFile.HashOf(source).StartsWith(hash, StringComparison.Ordinal)
            )
                await Console
                    .Error.WriteLineAsync(
                        $"The SHA-256 of {source} does not begin with {hash}, as its name promises: "
                            + "it is not the file that was published under this name."
                    )
                    .ConfigureAwait(false);
            return ModelImport.Run(source, Path.GetFileName(source), catalogue, options, cancellationToken);
        }

        Directory.CreateDirectory(catalogue.Folder);
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        // Until the answer begins; the body may take longer.
        using var client = new HttpClient(handler, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(100) };
        var download = new CheckpointDownload(client, MostBytes);
        var file = await Progress
            .OfBytesAsync("Downloading", report => download.GetAsync(source, catalogue.Folder, report, cancellationToken))
            .ConfigureAwait(false);
        try
        {
            return ModelImport.Run(file, source, catalogue, options, cancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
