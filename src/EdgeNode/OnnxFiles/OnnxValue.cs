namespace FaceLandmark.OnnxFiles;

/// <summary>ValueInfoProto: name, number type and shape of what goes in or out.</summary>
internal sealed class OnnxValue : ProtoMessage
{
    private string _name = "";
    private TypeField? _type;

    public OnnxValue() { }

    /// <summary>Float32 of a fixed shape, or of a shape that is left open (null).</summary>
    public OnnxValue(string name, params long[]? shape) => (_name, _type) = (name, new TypeField(shape));

    public string Name
    {
        get => _name;
        set => _name = value;
    }

    /// <summary>The sides of its tensor; 0 is one that is left open.</summary>
    public IReadOnlyList<long> Shape => _type?.Shape ?? [];

    protected override void Visit(ProtoFields fields)
    {
        fields.Text(1, ref _name);
        fields.Message(2, ref _type);
    }

    /// <summary>TypeProto.</summary>
    private sealed class TypeField : ProtoMessage
    {
        private TensorField? _tensor;

        public TypeField() { }

        public TypeField(long[]? shape) => _tensor = new TensorField(shape);

        public IReadOnlyList<long>? Shape => _tensor?.Shape;

        protected override void Visit(ProtoFields fields) => fields.Message(1, ref _tensor);
    }

    /// <summary>TypeProto.Tensor.</summary>
    private sealed class TensorField : ProtoMessage
    {
        private long _type;
        private ShapeField? _shape;

        public TensorField() { }

        public TensorField(long[]? shape) => (_type, _shape) = ((long)OnnxType.Float32, shape is null ? null : new ShapeField(shape));

        public IReadOnlyList<long>? Shape => _shape?.Shape;

        protected override void Visit(ProtoFields fields)
        {
            fields.Number(1, ref _type);
            fields.Message(2, ref _shape);
        }
    }

    /// <summary>TensorShapeProto.</summary>
    private sealed class ShapeField : ProtoMessage
    {
        private readonly List<SideField> _sides = [];

        public ShapeField() { }

        public ShapeField(long[] shape) => _sides.AddRange(shape.Select(side => new SideField(side)));

        public IReadOnlyList<long> Shape => [.. _sides.Select(side => side.Value)];

        protected override void Visit(ProtoFields fields) => fields.Messages(1, _sides);
    }

    /// <summary>TensorShapeProto.Dimension.</summary>
    private sealed class SideField : ProtoMessage
    {
        private long _value;

        public SideField() { }

        public SideField(long value) => _value = value;

        public long Value => _value;

        protected override void Visit(ProtoFields fields) => fields.Number(1, ref _value);
    }
}
