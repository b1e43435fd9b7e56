namespace FaceLandmark.Models;

/// <summary>The section <c>Models</c>.</summary>
internal sealed record ModelsOptions
{
    /// <summary>Folder of model cards and weights; relative paths are looked for beside the program.</summary>
    public string Folder { get; init; } = "models";

    /// <summary>
    /// The model in use: the name of a card in <see cref="Folder"/>, or the path of a card, an ONNX file or a folder with a TVM model
    /// object.
    /// </summary>
    public string Default { get; init; } = "deeppose-resnet18";

    /// <summary>Whether the 8-bit version that the card names is taken where the processor is faster with bytes.</summary>
    public bool EightBit { get; init; } = true;
}
