using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.Inference.Tvm;
using FaceLandmark.ModelCards;
using FaceLandmark.OnnxFiles;
using FaceLandmark.Platform;
using Microsoft.Extensions.Logging;

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
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
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

    /// <summary>The model in use: the one of the options, or its 8-bit version where the processor is made for that.</summary>
    /// <param name="logger">Told which one and why.</param>
    /// <exception cref="ModelException">There is no such model, or its card names an 8-bit version that is not there.</exception>
    public ModelCard Default(ILogger? logger = null) => Choose(Find(options.Default), EightBitSupport.Name, logger);

    /// <summary>The cards whose models can take the place of a running one: same input size and landmarks, weights at hand. None when the folder can't be read.</summary>
    public IReadOnlyList<ModelCard> Alternatives(ModelCard running)
    {
        ArgumentNullException.ThrowIfNull(running);
        try
        {
            return [.. List().Where(card => (card.InputSize, card.Landmarks) == (running.InputSize, running.Landmarks) && File.Exists(card.Path))];
        }
        catch (Exception reason) when (reason is ModelException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

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
        var actual = HashOf(card.Path);
        if (actual != card.Sha256)
            throw new ModelException($"{card.Path} has SHA-256 {actual}, its card says {card.Sha256}: the file is damaged or not the one the card describes; get it again.");
    }

    /// <summary>SHA-256 of a file, lower-case hexadecimal.</summary>
    /// <exception cref="ModelException">It is missing.</exception>
    public static string HashOf(string path)
    {
        if (!File.Exists(path))
            throw new ModelException($"The weights {path} are missing: get them again, or remove their card.");
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Makes sure that a new model can have a name.</summary>
    /// <exception cref="ModelException">It is no name for a file, or a model has it.</exception>
    public void CheckFree(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        CheckName(name);
        if (File.Exists(CardPath(name)))
            throw new ModelException($"There is already a model '{name}' in {Folder}: choose another name with --name, or remove it first (`model remove {name}`).");
    }

    /// <summary>Writes a model and its card into the folder; nothing half-written is left behind.</summary>
    /// <param name="model">The network.</param>
    /// <param name="card">What it is; folder and hash are filled in.</param>
    /// <returns>The card as written.</returns>
    /// <exception cref="Inference.EngineException">ONNX Runtime does not take the model.</exception>
    internal ModelCard Add(OnnxModel model, ModelCard card)
    {
        Directory.CreateDirectory(Folder);
        var part = Path.Combine(Folder, card.File + ".part");
        try
        {
            model.Write(part);
            OnnxEngine.Inspect(part);
            var added = card with { Sha256 = HashOf(part), Folder = Folder };
            File.Move(part, added.Path, overwrite: true);
            Write(added);
            return added;
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Writes a card into the folder; one of the same name is replaced as a whole.</summary>
    public void Write(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        CheckName(card.Name);
        var path = CardPath(card.Name);
        File.WriteAllText(path + ".part", JsonSerializer.Serialize(card, s_json) + "\n");
        File.Move(path + ".part", path, overwrite: true);
    }

    /// <summary>Deletes a model of the folder: its card, and its weights where no other card names them.</summary>
    /// <returns>The files that are gone.</returns>
    /// <exception cref="ModelException">There is no such model.</exception>
    public IReadOnlyList<string> Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        CheckName(name);
        if (!File.Exists(CardPath(name)))
            throw new ModelException($"There is no model '{name}' in {Folder} ({Names()}).");
        var card = ReadCard(CardPath(name));
        var cards = List();
        var gone = new List<string> { CardPath(name) };
        var weights = Path.GetFullPath(card.Path);
        if (File.Exists(weights) && Path.GetDirectoryName(weights) == Path.GetFullPath(Folder) && !cards.Any(other => other.Name != name && other.File == card.File))
            gone.Add(weights);
        foreach (var user in cards.Where(other => other.Quantized == name))
            Write(user with { Quantized = null });
        foreach (var path in gone)
            File.Delete(path);
        return gone;
    }

    private static void CheckName(string name)
    {
        if (name.Length is 0 or > 64 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') || !char.IsAsciiLetterOrDigit(name[0]))
            throw new ModelException($"'{name}' can't be a model's name: up to 64 letters A to Z, digits, - _ and . are allowed, beginning with a letter or digit.");
    }

    private string CardPath(string name) => Path.Combine(Folder, name + ".json");

    internal ModelCard Choose(ModelCard card, string? support, ILogger? logger)
    {
        if (card.Quantized is not { } quantized || !options.EightBit)
            return card;
        if (support is null)
        {
            logger?.Float32(card.Name, quantized);
            return card;
        }

        logger?.EightBit(quantized, card.Name, support);
        return Find(quantized);
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
            LandmarkSet = ModelCard.LandmarkSetOf(landmarks),
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
