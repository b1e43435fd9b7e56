using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.Inference.Tvm;
using FaceLandmark.ModelCards;
using FaceLandmark.Platform;

namespace FaceLandmark.Models;

/// <summary>Model cards as JSON files, and cards for models that have none.</summary>
internal static class CardFile
{
    /// <summary>Name of the card in the folder of a model object, where deploy.json is not one.</summary>
    public const string ObjectCard = "card.json";

    private const long MostCardBytes = 4 << 20;

    // By reflection: generated code would forget what a card's init-only properties are when they are left out (decision 77).
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
    };

    /// <summary>Reads and checks a card.</summary>
    /// <exception cref="ModelException">It cannot be read, or is not a usable card.</exception>
    public static ModelCard Read(string path)
    {
        try
        {
            // As text, because people's editors begin it with a byte order mark.
            using var text = new StreamReader(new MemoryStream(RegularFile.ReadAll(path, MostCardBytes)));
            var card = JsonSerializer.Deserialize<ModelCard>(text.ReadToEnd(), s_json) ?? throw new JsonException("it holds nothing.");
            card.RequireUsable(path);
            return card with { Folder = Path.GetDirectoryName(Path.GetFullPath(path))! };
        }
        catch (JsonException reason) when (reason.Path is { } place && reason.Message.Contains("null", StringComparison.Ordinal))
        {
            throw new ModelException(
                $"{path} is not a model card: {place.TrimStart('$', '.')} is null, but must have a value or be left out.",
                reason
            );
        }
        catch (Exception reason) when (reason is JsonException or InvalidOperationException)
        {
            throw new ModelException($"{path} is not a model card: {reason.Message}", reason);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"The model card {path} cannot be read: {reason.Message}", reason);
        }
    }

    /// <summary>What the file of a card holds.</summary>
    public static string Text(ModelCard card) => JsonSerializer.Serialize(card, s_json) + "\n";

    /// <summary>A card for a bare ONNX file, which follows the documented contract; size and number of points are read from it.</summary>
    /// <exception cref="Inference.EngineException">It is not a landmark model.</exception>
    public static ModelCard OfOnnx(string path)
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

    /// <summary>The card of the folder of a TVM model object, or one as for a bare ONNX file.</summary>
    /// <exception cref="ModelException">The folder has a card that cannot be used.</exception>
    /// <exception cref="Inference.EngineException">It is not a landmark model.</exception>
    public static ModelCard OfObject(string folder)
    {
        if (File.Exists(Path.Combine(folder, ObjectCard)))
            return Read(Path.Combine(folder, ObjectCard));
        var (size, landmarks) = TvmEngine.Inspect(folder);
        return new ModelCard
        {
            Name = Path.GetFileName(folder),
            File = TvmModelObject.Weights,
            Folder = folder,
            InputSize = size,
            Landmarks = landmarks,
            LandmarkSet = ModelCard.LandmarkSetOf(landmarks),
        };
    }
}
