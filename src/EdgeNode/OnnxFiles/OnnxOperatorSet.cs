namespace FaceLandmark.OnnxFiles;

/// <summary>OperatorSetIdProto: which version of which operators a model is written in.</summary>
internal sealed class OnnxOperatorSet : ProtoMessage
{
    private string _domain = "";
    private long _version;

    /// <summary>Empty for the standard operators.</summary>
    public string Domain
    {
        get => _domain;
        set => _domain = value;
    }

    public long Version
    {
        get => _version;
        set => _version = value;
    }

    protected override void Visit(ProtoFields fields)
    {
        fields.Text(1, ref _domain);
        fields.Number(2, ref _version);
    }
}
