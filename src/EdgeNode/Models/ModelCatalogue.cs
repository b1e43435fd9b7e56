using System.Security.Cryptography;
using System.Text.Json;
using FaceLandmark.Configuration;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.Inference.Tvm;

namespace FaceLandmark.Models;

/// <summary>The models of a folder, each described by a card (NAME.json beside its weights).</summary>
public sealed class ModelCatalogue(ModelsOptions options)
{
    /// <summary>The card in the folder of a model object.</summary>
    private const string ObjectCard = "card.json";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Where the cards are.</summary>
    public string Folder { get; } = ProgramFiles.Find(options.Folder);

    /// <summary>All cards, by name.</summary>
    /// <exception cref="ModelException">The folder or a card can't be read.</exception>
    public IReadOnlyList<ModelCard> List() =>
        Directory.Exists(Folder)
            ? [.. Directory.EnumerateFiles(Folder, "*.json")
                .Concat(Directory.EnumerateDirectories(Folder).Select(folder => Path.Combine(folder, ObjectCard)).Where(File.Exists))
                .Select(ReadCard)
                .OrderBy(card => card.Name, StringComparer.Ordinal)]
            : throw new ModelException($"The model folder {Folder} is missing: set Models:Folder to the folder of the model cards.");

    /// <summary>The model in use.</summary>
    public ModelCard Default() => Find(options.Default);

    /// <summary>The card of a model given by its name, or by the path of its card, of an ONNX file or of the folder of a TVM model object.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    /// <exception cref="Inference.EngineException">An ONNX file or folder without a card is no landmark model.</exception>
    public ModelCard Find(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrPath);
        var card = Path.Combine(Folder, nameOrPath + ".json");
        if (File.Exists(card))
            return ReadCard(card);
        if (new[] { nameOrPath, Path.Combine(Folder, nameOrPath) }.FirstOrDefault(Directory.Exists) is { } folder)
            return CardOfObject(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (!File.Exists(nameOrPath))
            throw new ModelException(
                $"There is no model '{nameOrPath}': it is neither a card in {Folder} ({Names()}) nor a file or folder. `model list` shows the models.");
        if (nameOrPath.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return ReadCard(nameOrPath);
        return File.Exists(Path.ChangeExtension(nameOrPath, ".json")) ? ReadCard(Path.ChangeExtension(nameOrPath, ".json")) : CardOf(nameOrPath);
    }

    /// <summary>Compares the weights with the card's SHA-256.</summary>
    /// <exception cref="ModelException">They differ.</exception>
    public static void VerifyHash(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        if (card.Sha256 is null)
            return;
        using var weights = File.OpenRead(card.Path);
        var actual = Convert.ToHexStringLower(SHA256.HashData(weights));
        if (actual != card.Sha256)
            throw new ModelException($"{card.Path} has SHA-256 {actual}, its card says {card.Sha256}: the file is damaged or not the one the card describes; get it again.");
    }

    // A bare ONNX file follows the documented contract; its size and number of points are read from it.
    private static ModelCard CardOf(string path)
    {
        var (size, landmarks) = OnnxEngine.Inspect(path);
        return new ModelCard
        {
            Name = Path.GetFileNameWithoutExtension(path),
            File = Path.GetFileName(path),
            Folder = Path.GetDirectoryName(Path.GetFullPath(path))!,
            InputSize = size,
            Landmarks = landmarks,
            LandmarkSet = landmarks == 98 ? "WFLW-98" : $"{landmarks}",
        };
    }

    // As a bare ONNX file; in a folder the card has a name of its own, for deploy.json is none.
    private static ModelCard CardOfObject(string folder)
    {
        if (File.Exists(Path.Combine(folder, ObjectCard)))
            return ReadCard(Path.Combine(folder, ObjectCard));
        var (size, landmarks) = TvmEngine.Inspect(folder);
        return new ModelCard
        {
            Name = Path.GetFileName(folder),
            File = TvmModelObject.Weights,
            Folder = folder,
            InputSize = size,
            Landmarks = landmarks,
            LandmarkSet = landmarks == 98 ? "WFLW-98" : $"{landmarks}",
        };
    }

    private static ModelCard ReadCard(string path)
    {
        try
        {
            var card = JsonSerializer.Deserialize<ModelCard>(File.ReadAllBytes(path), s_json)
                ?? throw new ModelException($"{path} is no model card: it is empty.");
            if (card.Mean.Count != 3 || card.Std.Count != 3 || card.Std.Any(std => std <= 0) || card.InputSize is < 16 or > 4096 || card.Landmarks is < 1 or > 10000)
                throw new ModelException($"{path} is no usable model card: mean and std need three numbers each, std above 0, inputSize 16 to 4096, landmarks 1 to 10000.");
            card.SelfTest?.RequireUsable(path, card.Landmarks);
            return card with { Folder = Path.GetDirectoryName(Path.GetFullPath(path))! };
        }
        catch (JsonException reason)
        {
            throw new ModelException($"{path} is no model card: {reason.Message}", reason);
        }
    }

    private string Names() => Directory.Exists(Folder)
        ? string.Join(", ", Directory.EnumerateFiles(Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal))
        : "the folder is missing";
}
