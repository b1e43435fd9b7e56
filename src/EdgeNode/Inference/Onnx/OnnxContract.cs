using Microsoft.ML.OnnxRuntime;

namespace FaceLandmark.Inference.Onnx;

/// <summary>Names and shapes of a landmark model's input and outputs, as read from the model.</summary>
/// <param name="Input">Name of the picture.</param>
/// <param name="Landmarks">Number of points.</param>
/// <param name="Size">Side of the picture.</param>
/// <param name="Points">Name of the points.</param>
/// <param name="PointsShape">Shape of the points.</param>
/// <param name="Presence">Name of the presence logit, or null.</param>
/// <param name="PresenceShape">Shape of the presence logit.</param>
internal sealed record OnnxContract(
    string Input,
    int Landmarks,
    int Size,
    string Points,
    long[] PointsShape,
    string? Presence,
    long[] PresenceShape
)
{
    private const string Expected = "expected one float32 input 1x3xSxS and a float32 output 1xNx2";

    /// <summary>Reads and checks it.</summary>
    /// <exception cref="EngineException">The model has other inputs or outputs; the message lists what was expected and what was
    /// found.</exception>
    public static OnnxContract Read(InferenceSession session, string path)
    {
        var inputs = session.InputMetadata;
        var outputs = session.OutputMetadata;
        var presence = outputs.FirstOrDefault(output => output.Key == "presence");
        var points = outputs.FirstOrDefault(output => output.Key != "presence");
        if (inputs.Count != 1 || points.Key is null || outputs.Count > (presence.Key is null ? 1 : 2))
            throw Refused(session, path);

        var picture = inputs.First();
        var shape = Fixed(picture.Value);
        var pointsShape = Fixed(points.Value);
        var values = pointsShape.Aggregate(1L, (product, dimension) => product * dimension);
        var isPicture = shape.Length == 4 && shape[0] == 1 && shape[1] == 3 && shape[2] == shape[3] && shape[2] is >= 16 and <= 4096;
        var isPoints =
            pointsShape.Length is 2 or 3
            && pointsShape[0] == 1
            && values is >= 2 and <= 20000
            && values % 2 == 0
            && (pointsShape.Length == 2 || pointsShape[2] == 2);
        var isPresence = presence.Key is null || (IsFloat(presence.Value) && Fixed(presence.Value).All(dimension => dimension == 1));
        if (!isPicture || !isPoints || !isPresence || !IsFloat(picture.Value) || !IsFloat(points.Value))
            throw Refused(session, path);
        return new OnnxContract(
            picture.Key,
            (int)(values / 2),
            (int)shape[2],
            points.Key,
            pointsShape,
            presence.Key,
            presence.Key is null ? [] : Fixed(presence.Value)
        );
    }

    private static bool IsFloat(NodeMetadata node) => node.IsTensor && node.ElementType == typeof(float);

    // A free batch dimension (-1) is bound to one picture.
    private static long[] Fixed(NodeMetadata node) =>
        node.IsTensor ? [.. node.Dimensions.Select((dimension, index) => index == 0 && dimension < 0 ? 1L : dimension)] : [];

    private static EngineException Refused(InferenceSession session, string path) =>
        new($"{path} is not a landmark model: {Expected}, found {List(session.InputMetadata)} -> {List(session.OutputMetadata)}.");

    private static string List(IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        string.Join(", ", nodes.Select(node => $"{node.Key} {Describe(node.Value)}"));

    private static string Describe(NodeMetadata node) =>
        node.IsTensor ? $"{node.ElementType.Name} {string.Join('x', node.Dimensions)}" : "(no tensor)";
}
