namespace FaceLandmark.OnnxFiles;

/// <summary>NodeProto: one operation on named values.</summary>
internal sealed class OnnxNode : ProtoMessage
{
    private string _name = "";
    private string _operation = "";
    private string _domain = "";

    public OnnxNode() { }

    /// <summary>An operation of the standard operator set, named like its first output.</summary>
    public OnnxNode(string operation, IEnumerable<string> inputs, string output, params IEnumerable<OnnxAttribute> attributes)
    {
        (_operation, _name) = (operation, output);
        Inputs.AddRange(inputs);
        Outputs.Add(output);
        Attributes.AddRange(attributes);
    }

    public string Name
    {
        get => _name;
        set => _name = value;
    }

    /// <summary>op_type: "Conv", "Relu" ...</summary>
    public string Operation
    {
        get => _operation;
        set => _operation = value;
    }

    public string Domain
    {
        get => _domain;
        set => _domain = value;
    }

    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public List<OnnxAttribute> Attributes { get; } = [];

    /// <summary>A whole number among the attributes.</summary>
    public long Attribute(string name, long otherwise) =>
        Attributes.FirstOrDefault(attribute => attribute.Name == name)?.Integer ?? otherwise;

    protected override void Visit(ProtoFields fields)
    {
        fields.Texts(1, Inputs);
        fields.Texts(2, Outputs);
        fields.Text(3, ref _name);
        fields.Text(4, ref _operation);
        fields.Messages(5, Attributes);
        fields.Text(7, ref _domain);
    }
}
