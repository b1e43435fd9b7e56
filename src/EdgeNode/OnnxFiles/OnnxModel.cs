using FaceLandmark.ModelCards;
using FaceLandmark.Platform;
using Google.Protobuf;

namespace FaceLandmark.OnnxFiles;

/// <summary>ModelProto: a graph and the operator sets it is written in.</summary>
internal sealed class OnnxModel : ProtoMessage
{
    private long _irVersion;
    private string _producer = "";
    private OnnxGraph? _graph;

    /// <summary>Version of the format; 7 goes with operator set 13.</summary>
    public long IrVersion
    {
        get => _irVersion;
        set => _irVersion = value;
    }

    public string Producer
    {
        get => _producer;
        set => _producer = value;
    }

    public OnnxGraph Graph
    {
        get => _graph ??= new OnnxGraph();
        set => _graph = value;
    }

    public List<OnnxOperatorSet> OperatorSets { get; } = [];

    /// <summary>Version of the standard operators, 0 when none is named.</summary>
    public long OperatorVersion => OperatorSets.FirstOrDefault(set => set.Domain is "" or "ai.onnx")?.Version ?? 0;

    /// <summary>Reads a model file.</summary>
    /// <exception cref="ModelException">It is missing or no ONNX model.</exception>
    public static OnnxModel Read(string path)
    {
        if (!File.Exists(path))
            throw new ModelException($"The model {path} is missing: give an ONNX file.");
        try
        {
            if (RegularFile.Problem(path) is { } problem)
                throw new ModelException($"The model {path} {problem}: give an ONNX file.");
            using var file = File.OpenRead(path);
            var model = new OnnxModel();
            model.MergeFrom(file);
            return model._graph is null ? throw new ModelException($"{path} is not an ONNX model: it has no graph.") : model;
        }
        catch (InvalidProtocolBufferException reason)
        {
            throw new ModelException($"{path} is not an ONNX model: {reason.Message}", reason);
        }
    }

    /// <summary>Writes the model into a file that is made or replaced.</summary>
    public void Write(string path)
    {
        using var file = File.Create(path);
        this.WriteTo(file);
    }

    protected override void Visit(ProtoFields fields)
    {
        fields.Number(1, ref _irVersion);
        fields.Text(2, ref _producer);
        fields.Message(7, ref _graph);
        fields.Messages(8, OperatorSets);
    }
}
