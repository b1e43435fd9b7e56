using System.Text.Json;

namespace FaceLandmark.Inference.Tvm;

/// <summary>The contract of a model object, as its graph states it. TVM itself compares byte counts only.</summary>
/// <param name="Json">The text of <c>deploy.json</c>.</param>
/// <param name="Input">Name of the picture.</param>
/// <param name="Size">Side of the picture, pixels.</param>
/// <param name="InputIsShared">The picture's memory serves other tensors too: old runtimes bind only one of them when bound without a
/// copy.</param>
/// <param name="PointsShape">Shape of the first output.</param>
/// <param name="Landmarks">Number of points.</param>
/// <param name="PresenceShape">Shape of the second output, the presence logit; null where there is none.</param>
internal sealed record TvmGraph(
    string Json,
    string Input,
    int Size,
    bool InputIsShared,
    long[] PointsShape,
    int Landmarks,
    long[]? PresenceShape
)
{
    private const string Expected = "expected one float32 input 1x3xSxS, a float32 output 1xNx2 and optionally a second one of one value";

    /// <summary>Reads and checks it.</summary>
    /// <param name="path">The file <c>deploy.json</c>.</param>
    /// <param name="parameters">The weights.</param>
    /// <exception cref="EngineException">It is no graph, no landmark model, or weights are missing or of another kind.</exception>
    public static TvmGraph Read(string path, IReadOnlyDictionary<string, TvmWeight> parameters)
    {
        var json = File.ReadAllText(path);
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(path, json, document.RootElement, parameters);
        }
        catch (Exception reason)
            when (reason
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or IndexOutOfRangeException
                        or FormatException
            )
        {
            throw new EngineException($"{path} is not a graph of TVM: {reason.Message} Compile or copy the model again.", reason);
        }
    }

    private static TvmGraph Read(string path, string json, JsonElement graph, IReadOnlyDictionary<string, TvmWeight> parameters)
    {
        var nodes = graph.GetProperty("nodes");
        var firstEntries = graph.GetProperty("node_row_ptr");
        var attributes = graph.GetProperty("attrs");
        var shapes = attributes.GetProperty("shape")[1];
        var types = attributes.GetProperty("dltype")[1];
        var storage = attributes.GetProperty("storage_id")[1];

        var variables = graph
            .GetProperty("arg_nodes")
            .EnumerateArray()
            .Select(node => (Node: node.GetInt32(), Name: nodes[node.GetInt32()].GetProperty("name").GetString()!))
            .ToList();
        var pictures = variables.Where(variable => !parameters.ContainsKey(variable.Name)).ToList();
        var picture = pictures.Find(variable => variable.Name == "input0") is { Name: not null } named ? named : pictures.FirstOrDefault();
        if (picture.Name is null)
            throw new EngineException($"{path} has no input: {Expected}, but every variable is a weight.");
        var lacking = pictures.Where(variable => variable.Name != picture.Name).Select(variable => variable.Name).ToList();
        if (lacking.Count > 0)
            throw new EngineException(
                $"{path} needs weights that deploy.params does not hold "
                    + $"({string.Join(", ", lacking.Take(5))}{(lacking.Count > 5 ? $" and {lacking.Count - 5} more" : "")}): "
                    + "the files do not belong together; copy all three from one compilation."
            );

        foreach (var (node, name) in variables)
        {
            var (_, shape, type) = Tensor(firstEntries[node].GetInt32());
            if (parameters.TryGetValue(name, out var weight) && (weight.Type != type || !weight.Shape.SequenceEqual(shape)))
                throw new EngineException(
                    $"{path} needs the weight {name} as {type} {string.Join('x', shape)}, but deploy.params holds it as {weight}: "
                        + "the files do not belong together; copy all three from one compilation."
                );
        }

        var input = Tensor(firstEntries[picture.Node].GetInt32());
        var outputs = graph
            .GetProperty("heads")
            .EnumerateArray()
            .Select(head => Tensor(firstEntries[head[0].GetInt32()].GetInt32() + head[1].GetInt32()))
            .ToList();
        var isPicture = input is { Type: "float32", Shape: [1, 3, var height, var width] } && height == width && width is >= 16 and <= 4096;
        var isPoints =
            outputs.Count is 1 or 2
            && outputs[0] is { Type: "float32", Shape: [1, _] or [1, _, 2] }
            && Count(outputs[0].Shape) is >= 2 and <= 20000 and var values
            && values % 2 == 0;
        var isPresence =
            outputs.Count < 2 || (outputs[1].Type == "float32" && outputs[1].Shape.Length <= 4 && Count(outputs[1].Shape) == 1);
        if (!isPicture || !isPoints || !isPresence)
            throw new EngineException(
                $"{path} is not a landmark model: {Expected}, found {picture.Name} {Describe(input)} -> "
                    + $"{string.Join(", ", outputs.Select(Describe))}."
            );

        var id = storage[input.Entry].GetInt32();
        return new TvmGraph(
            json,
            picture.Name,
            (int)input.Shape[2],
            storage.EnumerateArray().Count(other => other.GetInt32() == id) > 1,
            outputs[0].Shape,
            (int)(Count(outputs[0].Shape) / 2),
            outputs.Count > 1 ? outputs[1].Shape : null
        );

        (int Entry, long[] Shape, string? Type) Tensor(int entry) =>
            (entry, [.. shapes[entry].EnumerateArray().Select(dimension => dimension.GetInt64())], types[entry].GetString());
    }

    private static long Count(long[] shape) => shape.Aggregate(1L, (product, dimension) => product * dimension);

    private static string Describe((int Entry, long[] Shape, string? Type) tensor) => $"{tensor.Type} {string.Join('x', tensor.Shape)}";
}
