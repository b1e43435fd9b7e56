namespace FaceLandmark.Benchmarks;

/// <summary>How much is measured.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Rounds">Turns of the main measurements; medians are taken over them.</param>
/// <param name="SideRounds">Turns of those with two engines and with a distant broker.</param>
/// <param name="WarmUp">Frames of the node that is run before all others: the runtime compiles again what runs often.</param>
/// <param name="Warm">Frames before the measured ones.</param>
/// <param name="Frames">Frames that are measured in one turn.</param>
/// <param name="LiveFrames">Frames of a camera's pace that are measured in one turn.</param>
/// <param name="Calls">Inferences of one turn of the bare engine.</param>
/// <param name="Cameras">Numbers of cameras; the first is 1.</param>
/// <param name="Starts">Starts of the program.</param>
/// <param name="Soak">Seconds at saturation over which memory is watched.</param>
/// <param name="PreprocessTurns">Turns of the pre-processors.</param>
internal sealed record BenchPlan(
    string Name,
    int Rounds,
    int SideRounds,
    int WarmUp,
    int Warm,
    int Frames,
    int LiveFrames,
    int Calls,
    IReadOnlyList<int> Cameras,
    int Starts,
    double Soak,
    int PreprocessTurns
)
{
    /// <summary>Within some eight minutes on two quiet cores.</summary>
    public static BenchPlan Full { get; } = new("full", 5, 3, 2000, 100, 300, 150, 200, [1, 2, 4, 8], 5, 60, 15);

    /// <summary>Within about a minute.</summary>
    public static BenchPlan Quick { get; } = new("quick", 3, 1, 1000, 40, 80, 45, 60, [1, 2, 4, 8], 3, 4, 3);

    /// <summary>A few frames of everything: shows that it works, and measures little.</summary>
    public static BenchPlan Tiny { get; } = new("tiny", 1, 1, 600, 5, 24, 30, 3, [1, 2], 1, 0.2, 1);
}
