namespace FaceLandmark.OnnxFiles;

/// <summary>GraphProto: nodes in an order in which they can be computed, the constants they use, and what goes in and out.</summary>
internal sealed class OnnxGraph : ProtoMessage
{
    private string _name = "";

    public string Name
    {
        get => _name;
        set => _name = value;
    }

    public List<OnnxNode> Nodes { get; } = [];

    public List<OnnxTensor> Initializers { get; } = [];

    public List<OnnxValue> Inputs { get; } = [];

    public List<OnnxValue> Outputs { get; } = [];

    protected override void Visit(ProtoFields fields)
    {
        fields.Messages(1, Nodes);
        fields.Text(2, ref _name);
        fields.Messages(5, Initializers);
        fields.Messages(11, Inputs);
        fields.Messages(12, Outputs);
    }
}
