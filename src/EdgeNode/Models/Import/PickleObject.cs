namespace FaceLandmark.Models.Import;

/// <summary>
/// An object that is kept as what it was given, without doing anything: a module of TorchScript, an array of NumPy, a date.
/// </summary>
internal sealed class PickleObject(PickleGlobal type)
{
    public PickleGlobal Type { get; } = type;

    /// <summary>What BUILD gave it.</summary>
    public object? State { get; set; }

    /// <summary>The entries of an object of a class that is made from dict; null when it has none.</summary>
    public Dictionary<object, object?>? Items { get; set; }
}
