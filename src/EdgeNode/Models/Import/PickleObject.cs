namespace FaceLandmark.Models.Import;

/// <summary>An object that is kept as what it was given, without doing anything: a module of TorchScript, an array of NumPy.</summary>
internal sealed class PickleObject(PickleGlobal type)
{
    public PickleGlobal Type { get; } = type;

    /// <summary>What BUILD gave it.</summary>
    public object? State { get; set; }
}
