namespace FaceLandmark.Control;

/// <summary>The section <c>Commands</c>: what may be asked of the node over MQTT.</summary>
internal sealed record CommandsOptions
{
    internal const string Auto = "auto";

    // No restart: nobody starts a node again that was started by hand.
    internal const string OnThisMachine = "camera,health,mode,model,preview,snapshot";

    /// <summary>
    /// Commands that the node accepts, separated by commas: <c>camera</c>, <c>health</c>, <c>mode</c>, <c>model</c>, <c>preview</c>,
    /// <c>restart</c>, <c>snapshot</c>; empty: none, and the node subscribes to no command; <c>auto</c>: all but <c>restart</c> with the
    /// embedded broker while only this machine can reach it (the live page is on loopback, too), and none with another.
    /// </summary>
    public string Allow { get; init; } = Auto;

    /// <summary>All verbs.</summary>
    internal static IReadOnlyList<string> All { get; } = ["camera", "health", "mode", "model", "preview", "restart", "snapshot"];

    /// <summary>The verbs of <see cref="Allow"/>; none while it is <c>auto</c>.</summary>
    internal IReadOnlyList<string> Verbs() =>
        Allow == Auto
            ? []
            :
            [
                .. Allow
                    .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Distinct(StringComparer.Ordinal),
            ];
}
