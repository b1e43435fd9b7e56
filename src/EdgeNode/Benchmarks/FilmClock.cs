using System.Diagnostics;
using FaceLandmark.Diagnostics;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// Counts the frames that the cameras of a node give together: so many before the measured time, so many in it, and no more. What the
/// process uses in that time is taken at its two ends, on the threads that read the frames. Thread-safe.
/// </summary>
/// <param name="warm">Frames before the measured time.</param>
/// <param name="frames">Frames in it.</param>
/// <param name="mark">Told <see cref="Begin"/> and <see cref="End"/>.</param>
internal sealed class FilmClock(int warm, int frames, Action<string> mark) : IDisposable
{
    /// <summary>The measured time begins.</summary>
    public const string Begin = "begin";

    /// <summary>The measured time has ended.</summary>
    public const string End = "end";

    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(200);

    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<MemoryAt> _resident = [];
    private readonly Lock _lock = new();
    private long _count;
    private ProcessCost _before;
    private Timer? _look;

    /// <summary>Completes when the last frame has been given.</summary>
    public Task Finished => _finished.Task;

    /// <summary>Beginning of the measured time, ticks of <see cref="Stopwatch"/>.</summary>
    public long Began { get; private set; }

    /// <summary>Its end.</summary>
    public long Ended { get; private set; }

    /// <summary>What it cost.</summary>
    public ProcessCost Cost { get; private set; }

    /// <summary>Resident memory at the end, bytes.</summary>
    public long ResidentBytes { get; private set; }

    /// <summary>Resident memory on the way.</summary>
    public IReadOnlyList<MemoryAt> Resident
    {
        get
        {
            lock (_lock)
                return [.. _resident];
        }
    }

    /// <summary>Takes leave for one more frame.</summary>
    /// <returns>False: there are no more.</returns>
    public bool Take()
    {
        var number = Interlocked.Increment(ref _count);
        if (number == warm + 1)
        {
            mark(Begin);
            _before = ProcessCost.Now();
            Began = Stopwatch.GetTimestamp();
            _look = new Timer(_ => Look(), null, TimeSpan.Zero, s_lookEvery);
        }

        if (number <= warm + frames)
            return true;
        if (number == warm + frames + 1)
        {
            Ended = Stopwatch.GetTimestamp();
            Cost = ProcessCost.Now() - _before;
            mark(End);
            Look();
            ResidentBytes = ProcessUsage.ResidentBytes;
            _finished.TrySetResult();
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _look?.Dispose();

    private void Look()
    {
        var seconds = Stopwatch.GetElapsedTime(Began).TotalSeconds;
        lock (_lock)
            _resident.Add(new MemoryAt(seconds, ProcessUsage.ResidentBytes / (double)(1 << 20)));
    }
}
