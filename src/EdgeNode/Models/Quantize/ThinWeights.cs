using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FaceLandmark.ModelCards;
using FaceLandmark.OnnxFiles;
using FaceLandmark.Platform;
using Google.Protobuf;

namespace FaceLandmark.Models.Quantize;

/// <summary>
/// 8-bit models without the weights that follow from the model that they were made of: a tenth of the file, in the Debian package (decision
/// 94). What is restored is the file that was there, bit for bit.
/// </summary>
internal static class ThinWeights
{
    /// <summary>Puts the thin file in the place of a model's weights, or changes nothing.</summary>
    /// <param name="card">The 8-bit model.</param>
    /// <param name="source">What it was made of.</param>
    /// <returns>False where the weights could not be restored exactly, as of a model that was not made by <c>model quantize</c>.</returns>
    /// <exception cref="ModelException">A file is missing, damaged or no ONNX model.</exception>
    public static bool Thin(ModelCard card, ModelCard source)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(source);
        WeightsFile.Verify(card);
        var hash = WeightsFile.HashOf(card.Path);
        var weights = EightBits(source);
        var model = OnnxModel.Read(card.Path);
        foreach (var constant in model.Graph.Initializers)
        {
            if (weights.TryGetValue(constant.Name, out var values) && constant.Raw == values)
                constant.Raw = ByteString.Empty;
        }

        var thin = model.ToByteArray();
        Fill(model, weights);
        if (Convert.ToHexStringLower(SHA256.HashData(model.ToByteArray())) != hash)
            return false;
        WholeFile.Write(card.Path + WeightsFile.Thin, part => File.WriteAllBytes(part, thin));
        File.Delete(card.Path);
        return true;
    }

    /// <summary>Writes the weights of a model from its thin file, which stays.</summary>
    /// <param name="card">The 8-bit model.</param>
    /// <param name="source">What it was made of.</param>
    /// <exception cref="ModelException">A file is missing or no ONNX model, or they do not give what the card describes.</exception>
    public static void Restore(ModelCard card, ModelCard source)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(source);
        var model = OnnxModel.Read(card.Path + WeightsFile.Thin);
        Fill(model, EightBits(source));
        WholeFile.Write(
            card.Path,
            part =>
            {
                model.Write(part);
                if (card.Sha256 is { } hash && !hash.Equals(WeightsFile.HashOf(part), StringComparison.OrdinalIgnoreCase))
                    throw new ModelException(
                        $"{card.Path + WeightsFile.Thin} and {source.Path} do not give the weights that the card of {card.Name} describes: "
                            + "install the package again."
                    );
            }
        );
    }

    private static void Fill(OnnxModel model, Dictionary<string, ByteString> weights)
    {
        foreach (var constant in model.Graph.Initializers)
        {
            if (constant.Raw.IsEmpty && weights.TryGetValue(constant.Name, out var values))
                constant.Raw = values;
        }
    }

    // By the names that the quantiser gives them.
    private static Dictionary<string, ByteString> EightBits(ModelCard source)
    {
        var model = OnnxModel.Read(source.Path);
        ModelQuantizer.WidenHalves(model.Graph);
        PixelBlocks.Rewrite(model, source.InputSize);
        return model
            .Graph.Initializers.Where(constant =>
                constant.Type == OnnxType.Float32 && constant.Shape.Count > 1 && constant.Shape.TrueForAll(side => side > 0)
            )
            .ToDictionary(
                constant => constant.Name + QdqGraph.WeightSuffix,
                constant => ByteString.CopyFrom(MemoryMarshal.AsBytes(QdqGraph.EightBits(constant).Values.AsSpan())),
                StringComparer.Ordinal
            );
    }
}
