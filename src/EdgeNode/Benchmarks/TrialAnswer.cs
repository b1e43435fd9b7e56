namespace FaceLandmark.Benchmarks;

/// <summary>What the measuring process found, one line of JSON.</summary>
internal sealed record TrialAnswer
{
    /// <summary>Why there is nothing, in a sentence; null: there is.</summary>
    public string? Error { get; init; }

    /// <summary>Beginning of the measured time, nanoseconds of the system's monotonic clock.</summary>
    public long BeganNs { get; init; }

    /// <summary>Its end.</summary>
    public long EndedNs { get; init; }

    /// <summary>Inferences or frames in it.</summary>
    public int Count { get; init; }

    /// <summary>What it cost.</summary>
    public ProcessCost Cost { get; init; }

    /// <summary>Resident memory at its end, bytes.</summary>
    public long ResidentBytes { get; init; }

    /// <summary>Resident memory over it: seconds and mebibytes.</summary>
    public IReadOnlyList<MemoryAt> Resident { get; init; } = [];

    /// <summary>The engine, for people.</summary>
    public string Engine { get; init; } = "";

    /// <summary>The model.</summary>
    public string Model { get; init; } = "";

    /// <summary>Milliseconds of processor time a frame, by step.</summary>
    public IReadOnlyDictionary<string, double> Steps { get; init; } = new Dictionary<string, double>();

    /// <summary>Times of the pre-processors.</summary>
    public IReadOnlyList<PreprocessFigures> Preprocess { get; init; } = [];

    /// <summary>Where the first face of the film is: x, y, side in pixels.</summary>
    public IReadOnlyList<double> Region { get; init; } = [];

    /// <summary>Seconds of the measured time.</summary>
    public double Seconds => (EndedNs - BeganNs) / 1e9;
}
