namespace FaceLandmark.Models.Import;

/// <summary>A name that a pickle asks for. It is never looked up: only <see cref="TorchGlobals"/> says what it stands for.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}
