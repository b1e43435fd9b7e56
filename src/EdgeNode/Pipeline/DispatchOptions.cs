using FaceLandmark.Platform;

namespace FaceLandmark.Pipeline;

/// <summary>The section <c>Dispatch</c>: how frames are shared out.</summary>
internal sealed record DispatchOptions
{
    private static readonly List<DispatchMode> s_engines = [DispatchMode.Cpu, DispatchMode.Drpai, DispatchMode.Remote];

    /// <summary>Which engine a frame goes to.</summary>
    public DispatchMode Mode { get; init; } = DispatchMode.Cpu;

    /// <summary>
    /// The engines that <c>failover</c>, <c>balance</c> and <c>compare</c> use where the node has them, separated by commas:
    /// <c>failover</c> prefers the first, <c>compare</c> compares the first two.
    /// </summary>
    public string Prefer { get; init; } = "drpai,remote,cpu";

    /// <summary>
    /// Frames of one camera that may be under way at once, for each engine that <see cref="DispatchMode.Balance"/> shares them out to, and
    /// four more with that; of all cameras together, one fewer but two at least are on their way to an engine. 1 gives the lowest latency
    /// and fewer frames; 1 to 32.
    /// </summary>
    public int InFlight { get; init; } = 3;

    /// <summary>In which order results leave.</summary>
    public DispatchOrder Order { get; init; } = DispatchOrder.Ordered;

    /// <summary>
    /// How long a result waits for that of an earlier frame, or with <see cref="DispatchMode.Compare"/> for the other engine's; what is
    /// later still leaves out of order, or uncompared; 10 ms to 1 min.
    /// </summary>
    public TimeSpan OrderWindow { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// With <see cref="DispatchMode.Failover"/>, an engine is given up when it has had work for so long without a result; 10 ms to 1 min.
    /// </summary>
    public TimeSpan SlowAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>With <see cref="DispatchMode.Failover"/>, how often an engine that was given up is tried again; 0.1 s to 10 min.</summary>
    public TimeSpan ProbeEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The engines of <see cref="Prefer"/>, by the mode that uses one alone; null: a word names none, or one comes twice.
    /// </summary>
    internal IReadOnlyList<DispatchMode>? Preferred()
    {
        var words = Prefer.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var engines = words
            .Select(word => s_engines.FindIndex(engine => engine.Word().Equals(word, StringComparison.OrdinalIgnoreCase)))
            .ToList();
        return engines.Count == 0 || engines.Contains(-1) || engines.Distinct().Count() < engines.Count
            ? null
            : [.. engines.Select(index => s_engines[index])];
    }
}
