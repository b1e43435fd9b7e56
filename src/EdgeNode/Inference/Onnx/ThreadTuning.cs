using FaceLandmark.Inference.Tvm;
using FaceLandmark.ModelCards;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Inference.Onnx;

/// <summary>
/// Puts numbers in the place of <see cref="OnnxOptions.Threads"/> and <see cref="OnnxOptions.AtOnce"/> 0. One live camera's frames follow
/// each other, so that an inference gets the threads that <see cref="ThreadCalibration"/> found best. Frames that are ready at once, of
/// several cameras or of a file, are inferred side by side, each on its share of the processors: threads that never wait for each other.
/// </summary>
/// <param name="store">What was found before.</param>
/// <param name="measure">Finds it; <see cref="ThreadCalibration.Measure"/> but for tests.</param>
internal sealed class ThreadTuning(ThreadStore store, Func<ModelCard, OnnxOptions, int, ThreadChoice?>? measure = null)
{
    private readonly Func<ModelCard, OnnxOptions, int, ThreadChoice?> _measure = measure ?? ThreadCalibration.Measure;

    /// <summary>Whether the threads of a model are to be chosen here.</summary>
    public static bool IsFor(ModelCard model, EnginesOptions engines) => engines.Onnx.Threads == 0 && !TvmModelObject.Is(model.Path);

    /// <summary>How many faces are inferred at once.</summary>
    /// <param name="options">What the settings say.</param>
    /// <param name="ready">Frames that are ready at once.</param>
    /// <param name="processors">Processors that this process may use.</param>
    public static int AtOnce(OnnxOptions options, int ready, int processors)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.AtOnce > 0 ? options.AtOnce
            : options.Threads == 0 ? Math.Clamp(ready, 1, processors)
            : 1;
    }

    /// <summary>What was found for a model; null: nothing yet.</summary>
    /// <exception cref="ModelException">The weights cannot be read.</exception>
    public ThreadChoice? Find(ModelCard model, EnginesOptions engines) => store.Find(ThreadSituation.Here(model, engines.Onnx));

    /// <summary>
    /// The settings with the threads for a model, which are measured where nothing is known of them. A machine that is too busy for that
    /// leaves the settings as they are, and ONNX Runtime decides until the next start.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="engines">The settings.</param>
    /// <param name="ready">Frames that are ready at once.</param>
    /// <param name="logger">Told what was measured.</param>
    /// <exception cref="EngineException">The model cannot be loaded or run.</exception>
    /// <exception cref="ModelException">The weights are missing, or are not the card's.</exception>
    public EnginesOptions Apply(ModelCard model, EnginesOptions engines, int ready, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(engines);
        if (!IsFor(model, engines))
            return engines;
        var atOnce = AtOnce(engines.Onnx, ready, Environment.ProcessorCount);
        if (atOnce > 1)
            return engines with { Onnx = engines.Onnx.SideBySide(atOnce, Environment.ProcessorCount) };
        return (Find(model, engines) ?? Measured(model, engines.Onnx, logger)) is { } choice
            ? engines with
            {
                Onnx = engines.Onnx with { Threads = choice.Threads, Spin = choice.Spin },
            }
            : engines;
    }

    private ThreadChoice? Measured(ModelCard model, OnnxOptions options, ILogger logger)
    {
        WeightsFile.Verify(model);
        var situation = ThreadSituation.Here(model, options);
        var choice = _measure(model, options, situation.Processors);
        if (choice is null)
        {
            logger.ThreadsNotMeasured(model.Name);
            return null;
        }

        logger.ThreadsMeasured(model.Name, choice);
        try
        {
            store.Keep(situation, choice);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            logger.ThreadsNotKept(reason.Message);
        }

        return choice;
    }
}
