using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.Pipeline;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Films;

/// <summary>Films in any number: as many at once as there are cores, each with its part of them.</summary>
/// <param name="options">Settings of the node.</param>
/// <param name="jobs">The films.</param>
/// <param name="cores">Cores of the machine.</param>
/// <param name="loggers">Makes the loggers.</param>
/// <param name="time">The clock.</param>
internal sealed class FilmRuns(
    EdgeNodeOptions options,
    IReadOnlyList<FilmJob> jobs,
    int cores,
    ILoggerFactory loggers,
    TimeProvider time
)
{
    /// <summary>Films that are worked on at once; one where the DRP-AI takes part, which serves one film at a time.</summary>
    public int AtOnce => options.Dispatch.Mode is DispatchMode.Cpu or DispatchMode.Remote ? Math.Min(jobs.Count, cores) : 1;

    /// <summary>
    /// How the CPU engine of each film infers, where the settings leave it open: <see cref="FrameSourceFactory.FramesOfFile"/> frames side
    /// by side, on the film's part of the cores.
    /// </summary>
    public OnnxOptions Onnx
    {
        get
        {
            var onnx = options.Engines.Onnx;
            if (onnx.Threads != 0 || onnx.AtOnce != 0)
                return onnx;
            var part = Math.Max(1, cores / AtOnce);
            return onnx.SideBySide(Math.Min(FrameSourceFactory.FramesOfFile, part), part);
        }
    }

    /// <summary>Runs them to their ends or the token.</summary>
    /// <param name="advanced">Called after each frame with the film's index, on any thread.</param>
    /// <param name="cancellationToken">Breaks the films off, and begins no other.</param>
    /// <returns>What became of each; null: it was not begun.</returns>
    public async Task<IReadOnlyList<FilmOutcome?>> RunAsync(Action<int, FilmAdvance> advanced, CancellationToken cancellationToken)
    {
        var shared = options with { Engines = options.Engines with { Onnx = Onnx } };
        var outcomes = new FilmOutcome?[jobs.Count];
        await Parallel
            .ForEachAsync(
                Enumerable.Range(0, jobs.Count),
                // Not the token: a film that is broken off is completed, and its outcome counts.
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
                async (film, _) =>
                {
                    if (!cancellationToken.IsCancellationRequested)
                        outcomes[film] = await new FilmRun(shared, jobs[film], loggers, time)
                            .RunAsync(advance => advanced(film, advance), cancellationToken)
                            .ConfigureAwait(false);
                }
            )
            .ConfigureAwait(false);
        return outcomes;
    }
}
