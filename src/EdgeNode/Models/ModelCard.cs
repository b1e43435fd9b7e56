using System.Text.Json.Serialization;

namespace FaceLandmark.Models;

/// <summary>What a landmark model expects and gives: the JSON file beside its weights.</summary>
public sealed record ModelCard
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

    /// <summary>What it is, for people.</summary>
    public string? Description { get; init; }

    /// <summary>Under which terms weights and training data stand.</summary>
    public string? Licence { get; init; }

    /// <summary>Error figures as measured: name to value.</summary>
    public IReadOnlyDictionary<string, double>? Errors { get; init; }

    /// <summary>The points it must give for a known picture; null: only that they are numbers is tested.</summary>
    public SelfTest? SelfTest { get; init; }

    /// <summary>Folder of the card; not part of the JSON.</summary>
    [JsonIgnore]
    public string Folder { get; init; } = "";

    /// <summary>Full path of the weights.</summary>
    [JsonIgnore]
    public string Path => System.IO.Path.Combine(Folder, File);
}
