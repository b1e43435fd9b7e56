namespace FaceLandmark.Soak;

/// <summary>
/// When which fault comes. A seed and a time give one plan, whatever the machine. Cameras, engines, broker and disk have faults of their
/// own, one after the other, which meet those of the others by chance. The beginning and the end are calm: what was left waiting must go
/// out.
/// </summary>
internal static class SoakPlan
{
    /// <summary>The shortest soak.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(10);

    /// <summary>What a camera can have.</summary>
    internal static readonly IReadOnlyList<SoakFaultKind> Cameras =
    [
        SoakFaultKind.CameraError,
        SoakFaultKind.CameraGone,
        SoakFaultKind.CameraStall,
        SoakFaultKind.CameraLoss,
        SoakFaultKind.CameraBlack,
    ];

    /// <summary>What engines can have.</summary>
    internal static readonly IReadOnlyList<SoakFaultKind> Engines =
    [
        SoakFaultKind.EngineError,
        SoakFaultKind.EngineInvalid,
        SoakFaultKind.EngineHang,
        SoakFaultKind.BothEngines,
    ];

    /// <summary>What the broker can have.</summary>
    internal static readonly IReadOnlyList<SoakFaultKind> Broker =
    [
        SoakFaultKind.BrokerReset,
        SoakFaultKind.BrokerGone,
        SoakFaultKind.BrokerFrozen,
        SoakFaultKind.BrokerSlow,
    ];

    private static readonly IReadOnlyList<SoakFaultKind>[] s_tracks = [Cameras, Engines, Broker, [SoakFaultKind.DiskFull]];

    /// <summary>The faults, by their beginning.</summary>
    /// <param name="seed">Another number gives another plan.</param>
    /// <param name="duration">How long the soak takes; at least <see cref="Least"/>.</param>
    /// <param name="cameras">How many cameras there are.</param>
    public static IReadOnlyList<SoakFault> Of(int seed, TimeSpan duration, int cameras)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, Least);
        var end = duration - Calm(duration, 0.2);
        var (shortest, longest, pause) = duration < s_long ? (1.0, 4.0, 3.0) : (2.0, 20.0, 30.0);
        var random = new SeededNumbers(seed);
        var faults = new List<SoakFault>();
        foreach (var track in s_tracks)
        {
            var bag = new List<SoakFaultKind>();
            var at = Calm(duration, 0.1) + TimeSpan.FromSeconds(random.Between(0, pause));
            while (true)
            {
                if (bag.Count == 0)
                    bag.AddRange(track); // each once before one comes again
                var kind = bag[random.Below(bag.Count)];
                bag.Remove(kind);
                var length = TimeSpan.FromSeconds(random.Between(shortest, longest));
                if (at + length > end)
                    break;
                faults.Add(new SoakFault(kind, at, length, track == Cameras ? random.Below(cameras) : 0));
                at += length + TimeSpan.FromSeconds(random.Between(0.5, 2 * pause));
            }
        }

        return [.. faults.OrderBy(fault => fault.At)];
    }

    private static TimeSpan Calm(TimeSpan duration, double part) =>
        duration * part < TimeSpan.FromMinutes(1) ? duration * part : TimeSpan.FromMinutes(1);
}
