namespace FaceLandmark.Benchmarks;

/// <summary>One run of a node. Frames are those whose landmarks the subscriber got.</summary>
internal sealed record NodeFigures
{
    /// <summary>What was run.</summary>
    public required string Name { get; init; }

    /// <summary>Number of cameras.</summary>
    public required int Cameras { get; init; }

    /// <summary>What inferred.</summary>
    public required string Engine { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>Frames of the measured time.</summary>
    public required int Frames { get; init; }

    /// <summary>The measured time, seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Frames a second at the subscriber.</summary>
    public required double Fps { get; init; }

    /// <summary>Faces a frame.</summary>
    public required double Faces { get; init; }

    /// <summary>Processor time of the node a frame, milliseconds.</summary>
    public required double CpuMs { get; init; }

    /// <summary>Processor time of subscriber and, where it is embedded, broker a frame, milliseconds.</summary>
    public required double BrokerCpuMs { get; init; }

    /// <summary>Managed memory that the node allocates a frame, bytes.</summary>
    public required double AllocatedBytes { get; init; }

    /// <summary>Collections of generations 0, 1 and 2 in the measured time.</summary>
    public required IReadOnlyList<int> Collections { get; init; }

    /// <summary>Context switches of the node a frame.</summary>
    public required double Switches { get; init; }

    /// <summary>Resident memory of the node at the end, mebibytes.</summary>
    public required double ResidentMb { get; init; }

    /// <summary>Milliseconds from capture to subscriber, median.</summary>
    public required double P50 { get; init; }

    /// <summary>The same, 95th percentile.</summary>
    public required double P95 { get; init; }

    /// <summary>The same, 99th percentile.</summary>
    public required double P99 { get; init; }

    /// <summary>Milliseconds of waiting in a frame's way, median.</summary>
    public required double WaitP50 { get; init; }

    /// <summary>Milliseconds of inference, median.</summary>
    public required double InferenceP50 { get; init; }

    /// <summary>Milliseconds from capture to subscriber of every frame, in order; empty where no curve is drawn of them.</summary>
    public required IReadOnlyList<double> EndToEnd { get; init; }

    /// <summary>The figures of a run.</summary>
    /// <exception cref="BenchException">Nothing reached the subscriber.</exception>
    public static NodeFigures Of(string name, TrialRequest request, TrialAnswer answer, IReadOnlyList<Arrival> arrivals, double brokerMs)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(answer);
        var inside = arrivals.Where(one => one.CapturedNs >= answer.BeganNs && one.CapturedNs < answer.EndedNs).ToList();
        if (inside.Count == 0)
            throw new BenchException($"No landmarks of '{name}' reached the subscriber: run the node by ./run.sh, which says why.");
        var times = inside.ConvertAll(one => one.EndToEndMs);
        return new NodeFigures
        {
            Name = name,
            Cameras = request.Cameras,
            Engine = answer.Engine,
            Model = answer.Model,
            Frames = inside.Count,
            Seconds = answer.Seconds,
            Fps = inside.Count / answer.Seconds,
            Faces = inside.Average(one => one.Faces),
            CpuMs = answer.Cost.ProcessorMs / inside.Count,
            BrokerCpuMs = brokerMs / inside.Count,
            AllocatedBytes = answer.Cost.AllocatedBytes / (double)inside.Count,
            Collections = [answer.Cost.Gen0, answer.Cost.Gen1, answer.Cost.Gen2],
            Switches = answer.Cost.Switches / (double)inside.Count,
            ResidentMb = answer.ResidentBytes / (double)(1 << 20),
            P50 = Spread.At(times, 0.50),
            P95 = Spread.At(times, 0.95),
            P99 = Spread.At(times, 0.99),
            WaitP50 = Spread.MedianOf(inside.Select(one => one.QueueMs)),
            InferenceP50 = Spread.MedianOf(inside.Select(one => one.InferenceMs)),
            EndToEnd = RunNames.HasCurve(name) ? times.ConvertAll(time => Math.Round(time, 3)) : [],
        };
    }
}
