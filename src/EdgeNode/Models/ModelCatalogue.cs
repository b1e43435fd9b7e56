using FaceLandmark.Inference.Onnx;
using FaceLandmark.ModelCards;
using FaceLandmark.OnnxFiles;
using FaceLandmark.Platform;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Models;

/// <summary>The models of a folder, each described by a card (NAME.json beside its weights).</summary>
internal sealed class ModelCatalogue(ModelsOptions options)
{
    // What an editor, a file manager or another system leaves beside a card (._name.json) is none.
    private static readonly EnumerationOptions s_visible = new() { AttributesToSkip = FileAttributes.Hidden, IgnoreInaccessible = false };

    /// <summary>Where the cards are.</summary>
    public string Folder { get; } = ProgramFiles.Find(options.Folder);

    /// <summary>All cards that can be used, by name. One that cannot leaves the others as they are.</summary>
    /// <param name="problem">Receives a sentence for each JSON file that is not a usable card.</param>
    /// <exception cref="ModelException">The folder is missing or cannot be read.</exception>
    public IReadOnlyList<ModelCard> List(Action<string>? problem = null)
    {
        var cards = new List<ModelCard>();
        foreach (var path in CardFiles())
        {
            try
            {
                cards.Add(CardFile.Read(path));
            }
            catch (ModelException reason)
            {
                problem?.Invoke(reason.Message);
            }
        }

        return [.. cards.OrderBy(card => card.Name, StringComparer.Ordinal)];
    }

    /// <summary>The model in use: the one of the options, or its 8-bit version where the processor is made for that.</summary>
    /// <param name="logger">Logs which one and why.</param>
    /// <exception cref="ModelException">There is no such model, or its card names an 8-bit version that does not exist.</exception>
    public ModelCard Default(ILogger? logger = null) => Choose(FindDefault(), EightBitSupport.Name, logger);

    /// <summary>The model of the options as it is, and not its 8-bit version: what is expected of other machines.</summary>
    /// <exception cref="ModelException">There is no such model.</exception>
    public ModelCard Configured() => FindDefault();

    /// <summary>
    /// The cards whose models can take the place of a running one: same input size and landmarks, weights present. None when the folder
    /// cannot be read.
    /// </summary>
    public IReadOnlyList<ModelCard> Alternatives(ModelCard running)
    {
        ArgumentNullException.ThrowIfNull(running);
        try
        {
            return
            [
                .. List()
                    .Where(card => (card.InputSize, card.Landmarks) == (running.InputSize, running.Landmarks) && File.Exists(card.Path)),
            ];
        }
        catch (ModelException)
        {
            return [];
        }
    }

    /// <summary>
    /// The card of a model given by its name, or by the path of its card, of an ONNX file or of the folder of a TVM model object.
    /// </summary>
    /// <exception cref="ModelException">There is none.</exception>
    /// <exception cref="Inference.EngineException">An ONNX file or folder without a card is no landmark model.</exception>
    public ModelCard Find(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrPath);
        return Find(nameOrPath, nameOrPath);
    }

    /// <summary>Makes sure that a new model can have a name.</summary>
    /// <exception cref="ModelException">It is no name for a file, or a model has it.</exception>
    public void CheckFree(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        CheckName(name);
        if (File.Exists(CardPath(name)))
            throw new ModelException(
                $"There is already a model '{name}' in {Folder}: choose another name with --name, "
                    + $"or remove it first (`model remove {name}`)."
            );
        if (File.Exists(WeightsPath(name)))
            throw new ModelException($"There is already a file {WeightsPath(name)}: choose another name with --name, or move it away.");
    }

    /// <summary>Writes a model and its card into the folder; nothing half-written is left behind.</summary>
    /// <param name="model">The network.</param>
    /// <param name="card">What it is; folder and hash are filled in.</param>
    /// <returns>The card as written.</returns>
    /// <exception cref="Inference.EngineException">ONNX Runtime does not take the model.</exception>
    internal ModelCard Add(OnnxModel model, ModelCard card)
    {
        var added = card;
        Writing(() =>
        {
            Directory.CreateDirectory(Folder);
            WholeFile.Write(
                Path.Combine(Folder, card.File),
                part =>
                {
                    model.Write(part);
                    OnnxEngine.Inspect(part);
                    added = card with { Sha256 = WeightsFile.HashOf(part), Folder = Folder };
                }
            );
            try
            {
                Write(added);
            }
            catch
            {
                File.Delete(added.Path); // weights without a card are no model
                throw;
            }
        });
        return added;
    }

    /// <summary>Writes a card into the folder; one of the same name is replaced as a whole.</summary>
    public void Write(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        CheckName(card.Name);
        var text = CardFile.Text(card);
        Writing(() => WholeFile.Write(CardPath(card.Name), part => File.WriteAllText(part, text)));
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
        var card = CardFile.Read(CardPath(name));
        if (IsDefault(card))
            throw new ModelException($"The model '{name}' is in use (Models:Default): choose another one there before it is removed.");
        var others = CardFiles().Where(path => path != CardPath(name)).ToList();
        var problems = new List<string>();
        var cards = List(problems.Add);
        var gone = new List<string> { CardPath(name) };
        if (problems.Count == 0 && IsOwn(card, cards.Where(other => other.Name != name), others))
            gone.Add(Path.GetFullPath(card.Path));
        foreach (var user in cards.Where(other => other.Quantized == name))
            Write(user with { Quantized = null });
        Writing(() => gone.ForEach(File.Delete));
        return gone;
    }

    // Weights go with their card where they lie beside it and nobody else names them, by whatever path. Where a card cannot be read, nobody
    // knows.
    private bool IsOwn(ModelCard card, IEnumerable<ModelCard> others, IEnumerable<string> cardFiles)
    {
        var weights = Path.GetFullPath(card.Path);
        var identity = RegularFile.Identity(weights);
        return File.Exists(weights)
            && Path.GetDirectoryName(weights) == Path.GetFullPath(Folder)
            && RegularFile.Identity(ProgramFiles.Find(options.Default)) != identity
            && !cardFiles.Any(path => RegularFile.Identity(path) == identity)
            && !others.Any(other => RegularFile.Identity(other.Path) == identity);
    }

    private bool IsDefault(ModelCard card)
    {
        try
        {
            var used = FindDefault();
            return (used.Name, used.Folder) == (card.Name, card.Folder);
        }
        catch (Exception reason) when (reason is ModelException or Inference.EngineException)
        {
            return card.Name == options.Default;
        }
    }

    private static void CheckName(string name)
    {
        if (
            name.Length is 0 or > 64
            || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            || !char.IsAsciiLetterOrDigit(name[0])
        )
            throw new ModelException(
                $"'{name}' cannot be a model's name: up to 64 letters A to Z, digits, - _ and . are allowed, "
                    + "beginning with a letter or digit."
            );
    }

    private string CardPath(string name) => Path.Combine(Folder, name + ".json");

    private string WeightsPath(string name) => Path.Combine(Folder, name + ".onnx");

    private void Writing(Action write)
    {
        try
        {
            write();
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"The model folder {Folder} cannot be written: {reason.Message}", reason);
        }
    }

    private List<string> CardFiles()
    {
        if (!Directory.Exists(Folder))
            throw new ModelException($"The model folder {Folder} is missing: set Models:Folder to the folder of the model cards.");
        try
        {
            return
            [
                .. Directory
                    .EnumerateFiles(Folder, "*.json", s_visible)
                    .Concat(
                        Directory
                            .EnumerateDirectories(Folder, "*", s_visible)
                            .Select(folder => Path.Combine(folder, CardFile.ObjectCard))
                            .Where(File.Exists)
                    ),
            ];
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"The model folder {Folder} cannot be read: {reason.Message}", reason);
        }
    }

    // A setting is never looked for in the working directory.
    private ModelCard FindDefault() => Find(options.Default, ProgramFiles.Find(options.Default));

    private ModelCard Find(string name, string path)
    {
        if (File.Exists(CardPath(name)))
            return CardFile.Read(CardPath(name));
        if (new[] { Path.Combine(Folder, name), path }.FirstOrDefault(Directory.Exists) is { } folder)
            return CardFile.OfObject(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (!File.Exists(path))
            throw new ModelException(
                $"There is no model '{name}': it is neither a card in {Folder} ({Names()}) nor a file or folder. "
                    + "`model list` shows the models."
            );
        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return CardFile.Read(path);
        var beside = Path.ChangeExtension(path, ".json");
        return File.Exists(beside) ? CardFile.Read(beside) : CardFile.OfOnnx(path);
    }

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
        return File.Exists(CardPath(quantized))
            ? CardFile.Read(CardPath(quantized))
            : throw new ModelException(
                $"There is no model '{quantized}' in {Folder}, which the card of {card.Name} names as its 8-bit version."
            );
    }

    private string Names()
    {
        try
        {
            return string.Join(
                ", ",
                CardFiles()
                    .Where(path => Path.GetDirectoryName(path) == Folder)
                    .Select(Path.GetFileNameWithoutExtension)
                    .Order(StringComparer.Ordinal)
            );
        }
        catch (ModelException)
        {
            return "which cannot be read";
        }
    }
}
