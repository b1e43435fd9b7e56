using System.Text.Json;
using System.Text.Json.Serialization;

namespace FaceLandmark.ModelCards;

/// <summary>What a landmark model expects and gives: the JSON file beside its weights.</summary>
internal sealed record ModelCard
{
    /// <summary>Name in messages and commands.</summary>
    public required string Name { get; init; }

    /// <summary>File of the weights, relative to the card: an ONNX file, or <c>deploy.params</c> of a TVM model object.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of that file, lower-case hexadecimal.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Side of the square input, pixels.</summary>
    public int InputSize { get; init; } = 256;

    /// <summary>Layout of the landmarks.</summary>
    public string LandmarkSet { get; init; } = "WFLW-98";

    /// <summary>Number of landmarks.</summary>
    public int Landmarks { get; init; } = 98;

    /// <summary>Subtracted from each channel (R, G, B) of a picture in [0,1].</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0.485f, 0.456f, 0.406f];

    /// <summary>Each channel is then divided by this.</summary>
    public IReadOnlyList<float> Std { get; init; } = [0.229f, 0.224f, 0.225f];

    /// <summary>What runs it: "onnx".</summary>
    public string Engine { get; init; } = "onnx";

    /// <summary>
    /// Name of the card of its 8-bit version, which is taken instead where the processor is faster with bytes; null: there is none.
    /// </summary>
    [JsonPropertyName("int8")]
    public string? Quantized { get; init; }

    /// <summary>So many bits a weight may use for the sum of two products with a byte to fit 16 bits.</summary>
    public const int FitsSixteenBits = 7;

    /// <summary>How many bits of their bytes the weights of an 8-bit model use; null: not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? WeightBits { get; init; }

    /// <summary>What it is, for people.</summary>
    public string? Description { get; init; }

    /// <summary>Under which terms weights and training data stand.</summary>
    public string? Licence { get; init; }

    /// <summary>Error figures as measured: name to value.</summary>
    public IReadOnlyDictionary<string, double>? Errors { get; init; }

    /// <summary>The points it must give for a known picture; null: only that they are numbers is tested.</summary>
    public SelfTest? SelfTest { get; init; }

    /// <summary>Entries of the card that the program does not know; they are kept when it is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; init; }

    /// <summary>Folder of the card; not part of the JSON.</summary>
    [JsonIgnore]
    public string Folder { get; init; } = "";

    /// <summary>Full path of the weights.</summary>
    [JsonIgnore]
    public string Path => System.IO.Path.Combine(Folder, File);

    /// <summary>Checks that it can be carried out.</summary>
    /// <exception cref="ModelException">It cannot; the message says which entry is to be mended.</exception>
    internal void RequireUsable(string path)
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 200 || Name.Any(char.IsControl))
            throw new ModelException($"{path} is not a usable model card: name must be 1 to 200 letters without control characters.");
        if (string.IsNullOrWhiteSpace(File) || File.Any(char.IsControl))
            throw new ModelException(
                $"{path} is not a usable model card: file must be the path of the weights, without control characters."
            );
        if (
            Mean.Count != 3
            || Std.Count != 3
            || !Mean.All(float.IsFinite)
            || !Std.All(std => float.IsFinite(std) && std > 0)
            || InputSize is < 16 or > 4096
            || Landmarks is < 1 or > 10000
        )
            throw new ModelException(
                $"{path} is not a usable model card: mean and std need three numbers each, std above 0, inputSize 16 to 4096, "
                    + "landmarks 1 to 10000."
            );
        SelfTest?.RequireUsable(path, Landmarks);
    }

    /// <summary>The usual layout of a number of landmarks.</summary>
    public static string LandmarkSetOf(int landmarks) =>
        landmarks switch
        {
            68 => "iBUG-68",
            98 => "WFLW-98",
            106 => "LaPa-106",
            _ => $"{landmarks}",
        };
}
