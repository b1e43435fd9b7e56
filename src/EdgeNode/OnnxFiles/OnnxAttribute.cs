namespace FaceLandmark.OnnxFiles;

/// <summary>
/// AttributeProto: a constant of an operation. Whole numbers and lists of them are known here, the other kinds are only kept.
/// </summary>
internal sealed class OnnxAttribute : ProtoMessage
{
    private const long IntegerType = 2;
    private const long IntegersType = 7;

    private string _name = "";
    private long _integer;
    private long _type;
    private OnnxTensor? _tensor;

    public OnnxAttribute() { }

    public OnnxAttribute(string name, long value) => (_name, _integer, _type) = (name, value, IntegerType);

    public OnnxAttribute(string name, IEnumerable<long> values)
    {
        (_name, _type) = (name, IntegersType);
        Integers.AddRange(values);
    }

    public string Name
    {
        get => _name;
        set => _name = value;
    }

    public long Integer
    {
        get => _integer;
        set => _integer = value;
    }

    public List<long> Integers { get; } = [];

    /// <summary>A tensor, as the operation Constant has it.</summary>
    public OnnxTensor? Tensor
    {
        get => _tensor;
        set => _tensor = value;
    }

    protected override void Visit(ProtoFields fields)
    {
        fields.Text(1, ref _name);
        fields.Number(3, ref _integer);
        fields.Message(5, ref _tensor);
        fields.Numbers(8, Integers);
        fields.Number(20, ref _type);
    }
}
