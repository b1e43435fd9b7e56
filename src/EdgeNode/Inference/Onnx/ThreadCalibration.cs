using System.Diagnostics;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Inference.Onnx;

/// <summary>Finds out how many threads an inference is best run on here, and how they wait. It takes a second or so.</summary>
internal static class ThreadCalibration
{
    private const int Rounds = 7;
    private const int RunsARound = 3;

    /// <summary>How much slower than the fastest way one may be that takes less processor time.</summary>
    private const double Tolerance = 1.15;

    /// <summary>
    /// A thread that has a processor to itself, and never sleeps, takes as much time as processor time. If it takes so much more, others
    /// used the processors.
    /// </summary>
    private const double Disturbed = 1.3;

    /// <summary>The ways that are worth a trial on so many processors.</summary>
    public static IReadOnlyList<(int Threads, bool Spin)> Candidates(int processors) =>
        [
            (1, false),
            .. new[] { processors / 2, processors }
                .Where(threads => threads > 1)
                .Distinct()
                .SelectMany(threads => new[] { (threads, true), (threads, false) }),
        ];

    /// <summary>
    /// Of the ways that are nearly as fast as the fastest, the one that takes the least processor time; null: other programs used the
    /// processors meanwhile, so that the times say nothing about the ways.
    /// </summary>
    /// <param name="tried">The ways.</param>
    /// <param name="spinning">A thread for each processor, none of which ever sleeps; null where there is one processor.</param>
    public static ThreadChoice? Choose(IReadOnlyList<ThreadChoice> tried, ThreadChoice? spinning)
    {
        // Threads that sleep while they wait say nothing: they leave processor time unused by themselves.
        if (tried.Where(choice => choice.Threads == 1).Append(spinning).OfType<ThreadChoice>().Any(IsDisturbed))
            return null;
        var fastest = tried.Min(choice => choice.Milliseconds);
        return tried.Where(choice => choice.Milliseconds <= Tolerance * fastest).MinBy(choice => choice.ProcessorMilliseconds)!;
    }

    private static bool IsDisturbed(ThreadChoice choice) =>
        choice.Threads * choice.Milliseconds > Disturbed * choice.ProcessorMilliseconds;

    /// <summary>Tries all of them and chooses.</summary>
    /// <returns>The best one; null: the machine did too much else.</returns>
    /// <exception cref="EngineException">The model cannot be loaded or run.</exception>
    public static ThreadChoice? Measure(ModelCard model, OnnxOptions options, int processors)
    {
        var (tried, spinning) = Try(model, options, processors);
        return Choose(tried, spinning);
    }

    /// <summary>Tries all of them in turns, so that what else the machine does meets each.</summary>
    /// <exception cref="EngineException">The model cannot be loaded or run.</exception>
    internal static (IReadOnlyList<ThreadChoice> Tried, ThreadChoice? Spinning) Try(ModelCard model, OnnxOptions options, int processors)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var trials = new List<Trial>();
        using var tensors = new TensorsOf(model);
        try
        {
            var ways = Candidates(processors);
            foreach (var (threads, spin) in ways)
                Add(threads, spin);
            if (processors > 1)
                Add(processors, spin: true, spinsOn: true);
            for (var round = -1; round < Rounds; round++)
                foreach (var trial in trials)
                    trial.Run(counts: round >= 0);
            var results = trials.Select(trial => trial.Result()).ToList();
            return (results[..ways.Count], results.ElementAtOrDefault(ways.Count));
        }
        finally
        {
            tensors.Dispose(); // their bindings go before the engines
            foreach (var trial in trials)
                trial.Engine.Dispose();
        }

        void Add(int threads, bool spin, bool spinsOn = false)
        {
            var engine = new OnnxEngine(model, options with { Threads = threads, Spin = spin, SpinsOn = spinsOn });
            trials.Add(new Trial(engine, threads, spin, tensors.New()));
        }
    }

    private sealed class TensorsOf(ModelCard model) : IDisposable
    {
        private readonly Stack<FaceTensor> _tensors = [];

        public FaceTensor New()
        {
            _tensors.Push(new FaceTensor(model.InputSize, model.Landmarks));
            return _tensors.Peek();
        }

        public void Dispose()
        {
            while (_tensors.TryPop(out var tensor))
                tensor.Dispose();
        }
    }

    private sealed record Trial(OnnxEngine Engine, int Threads, bool Spin, FaceTensor Tensor)
    {
        private readonly List<double> _times = [];
        private TimeSpan _processor;

        public void Run(bool counts)
        {
            Engine.Run(Tensor); // the caches are another one's
            var processor = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < RunsARound; i++)
            {
                var began = Stopwatch.GetTimestamp();
                Engine.Run(Tensor);
                if (counts)
                    _times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            if (counts)
                _processor += Environment.CpuUsage.TotalTime - processor;
        }

        public ThreadChoice Result() =>
            new(
                Threads,
                Spin,
                Math.Round(_times.Order().ElementAt(_times.Count / 2), 3),
                Math.Round(_processor.TotalMilliseconds / _times.Count, 3)
            );
    }
}
