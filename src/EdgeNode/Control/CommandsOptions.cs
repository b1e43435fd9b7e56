namespace FaceLandmark.Control;

/// <summary>The section <c>Commands</c>: what may be asked of the node over MQTT.</summary>
public sealed record CommandsOptions
{
    /// <summary>Verbs that are obeyed, separated by commas: <c>camera</c>, <c>health</c>, <c>mode</c>, <c>model</c>, <c>preview</c>, <c>restart</c>, <c>snapshot</c>; empty: none, and nothing is listened to.</summary>
    public string Allow { get; init; } = "";

    /// <summary>All verbs.</summary>
    internal static IReadOnlyList<string> All { get; } = ["camera", "health", "mode", "model", "preview", "restart", "snapshot"];

    /// <summary>The verbs of <see cref="Allow"/>.</summary>
    internal IReadOnlyList<string> Verbs() => [.. Allow.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];
}
