using System.Text.Json;

namespace FaceLandmark.Benchmarks;

/// <summary>All that a benchmark found: the content of <c>bench --json</c>.</summary>
internal sealed record BenchReport
{
    /// <summary>How much was measured.</summary>
    public required string Plan { get; init; }

    /// <summary>Where.</summary>
    public required BenchMachine Machine { get; init; }

    /// <summary>The broker.</summary>
    public required string Broker { get; init; }

    /// <summary>The targets, met and missed.</summary>
    public IReadOnlyList<BenchTarget> Targets => BenchTargets.Of(this);

    /// <summary>Every run of a node.</summary>
    public required IReadOnlyList<NodeFigures> Nodes { get; init; }

    /// <summary>Every turn of the bare engine.</summary>
    public required IReadOnlyList<BareFigures> Bare { get; init; }

    /// <summary>Milliseconds of processor time a frame, by step, one after the other on one thread.</summary>
    public required IReadOnlyDictionary<string, double> Steps { get; init; }

    /// <summary>The pre-processors; empty where OpenCV is missing.</summary>
    public required IReadOnlyList<PreprocessFigures> Preprocess { get; init; }

    /// <summary>Seconds from the start of the program to its first landmarks at the subscriber.</summary>
    public required IReadOnlyList<double> Starts { get; init; }

    /// <summary>Seconds that <c>doctor</c> takes.</summary>
    public required IReadOnlyList<double> Doctors { get; init; }

    /// <summary>Resident memory at saturation over time.</summary>
    public required IReadOnlyList<MemoryAt> Soak { get; init; }

    /// <summary>Every run of the script that is compared with.</summary>
    public required IReadOnlyList<PeerFigures> Peers { get; init; }

    /// <summary>Why something was not measured, by the name of the measurement.</summary>
    public required IReadOnlyDictionary<string, string> Missing { get; init; }

    /// <summary>The runs of a node of a name.</summary>
    public IReadOnlyList<NodeFigures> Runs(string name) => [.. Nodes.Where(run => run.Name == name)];

    /// <summary>The turns of the bare engine of a name.</summary>
    public IReadOnlyList<BareFigures> Turns(string name) => [.. Bare.Where(turn => turn.Name == name)];

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, BenchJson.Default.BenchReport);
}
