namespace FaceLandmark.Inference.Tvm;

/// <summary>One array of <c>deploy.params</c>.</summary>
/// <param name="Type">As the graph names it, for instance <c>float32</c>.</param>
/// <param name="Shape">Its dimensions.</param>
internal sealed record TvmWeight(string Type, IReadOnlyList<long> Shape)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Type} {string.Join('x', Shape)}";
}
