using FaceLandmark.ModelCards;
using FaceLandmark.OpenInference;
using Google.Protobuf.Collections;
using Tensor = FaceLandmark.OpenInference.ModelMetadataResponse.Types.TensorMetadata;

namespace FaceLandmark.Inference.Remote;

/// <summary>What a server's model takes and gives, checked against the card of the model that the node expects there.</summary>
/// <param name="Input">Name of the picture.</param>
/// <param name="Datatype">Its datatype.</param>
/// <param name="Shape">Its shape, for one face.</param>
/// <param name="Points">Name of the points.</param>
/// <param name="Presence">Name of the presence logit; null: there is none.</param>
internal sealed record RemoteContract(string Input, string Datatype, IReadOnlyList<long> Shape, string Points, string? Presence)
{
    /// <summary>Reads and checks it.</summary>
    /// <param name="metadata">What the server says.</param>
    /// <param name="card">What is expected.</param>
    /// <param name="encoding">How faces will be sent.</param>
    /// <param name="where">The server and its model, for people.</param>
    /// <exception cref="EngineException">They differ; the message says in what.</exception>
    public static RemoteContract Read(ModelMetadataResponse metadata, ModelCard card, RemoteEncoding encoding, string where)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(card);
        var (datatype, shape) = Wanted(card.InputSize, encoding);
        var values = 2L * card.Landmarks;
        var points = metadata.Outputs.FirstOrDefault(output => output.Name != "presence" && Count(output) == values);
        var presence = metadata.Outputs.FirstOrDefault(output => output.Name == "presence" && Count(output) == 1);
        if (
            metadata.Inputs.Count != 1
            || metadata.Inputs[0].Datatype != datatype
            || !Fits(metadata.Inputs[0].Shape, shape)
            || points is null
            || !IsFloat(points)
            || (presence is not null && !IsFloat(presence))
        )
        {
            throw new EngineException(
                $"{where} takes {List(metadata.Inputs)} and gives {List(metadata.Outputs)}, but this node sends "
                    + $"{datatype} {OpenInference.Datatype.Shape(shape)} and expects FP32 or FP16 1x{card.Landmarks}x2: set "
                    + "Engines:Remote:Model and Engines:Remote:Encoding to what the server has, "
                    + "or Models:Default to the model that it serves."
            );
        }

        return new RemoteContract(metadata.Inputs[0].Name, datatype, shape, points.Name, presence?.Name);
    }

    private static (string Datatype, long[] Shape) Wanted(int size, RemoteEncoding encoding) =>
        encoding switch
        {
            RemoteEncoding.Jpeg => (OpenInference.Datatype.Bytes, [1]),
            RemoteEncoding.Raw8 => (OpenInference.Datatype.UInt8, [1, size, size, 3]),
            RemoteEncoding.Fp16 => (OpenInference.Datatype.Fp16, [1, 3, size, size]),
            _ => (OpenInference.Datatype.Fp32, [1, 3, size, size]),
        };

    private static bool Fits(RepeatedField<long> there, long[] here) =>
        there.Count == here.Length && there.Zip(here).All(pair => pair.First == -1 || pair.First == pair.Second);

    private static bool IsFloat(Tensor tensor) => tensor.Datatype is OpenInference.Datatype.Fp32 or OpenInference.Datatype.Fp16;

    private static long Count(Tensor tensor) =>
        tensor.Shape.Aggregate(1L, (product, dimension) => product * (dimension == -1 ? 1 : dimension));

    private static string List(IEnumerable<Tensor> tensors)
    {
        var texts = tensors.Select(tensor => $"{tensor.Name} {tensor.Datatype} {OpenInference.Datatype.Shape(tensor.Shape)}").ToList();
        return texts.Count == 0 ? "nothing" : string.Join(", ", texts);
    }
}
