using System.Collections.Concurrent;
using FaceLandmark.Inference;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Pipeline;

/// <summary>An engine with its pre-processing and its tensors: steps 4 and 5 of the frames that are sent to it.</summary>
public sealed class InferenceLane(IPreprocessor preprocessor, ILandmarkEngine engine, TimeProvider time) : IDisposable
{
    /// <summary>How long disposing waits for an engine at work. One that hangs is left alone: its memory goes with the process.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentBag<FaceTensor> _tensors = [];
    private readonly object _lock = new();
    private int _busy;
    private bool _closed;

    /// <summary>What it is.</summary>
    public EngineInfo Info => engine.Info;

    /// <summary>
    /// Runs pre-processing and network once, on the self-test's picture: the first inference is slow, and a broken or exchanged model
    /// shows before frames come.
    /// </summary>
    /// <returns>What the self-test found.</returns>
    /// <exception cref="EngineException">The model can't be run.</exception>
    /// <exception cref="ModelException">It gives no numbers, or other points than its card says.</exception>
    public SelfTestResult WarmUp()
    {
        var tensor = Rent();
        try
        {
            return SelfTestRun.Of(preprocessor, engine, tensor);
        }
        finally
        {
            _tensors.Add(tensor);
        }
    }

    /// <summary>Step 4: a tensor for each face. One thread at a time. A refusal of the device becomes <see cref="FrameWork.Fault"/>.</summary>
    public void Prepare(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var began = time.GetTimestamp();
        lock (preprocessor) // a model is replaced between two frames
        {
            work.Engine = Info;
            for (var i = 0; i < work.FaceCount && work.Fault is null && Enter(work); i++)
            {
                try
                {
                    var tensor = Rent();
                    work.Tensors[i] = tensor;
                    preprocessor.Prepare(work.Frame!, work.Faces[i].Candidate.Region, tensor);
                }
                catch (EngineException reason)
                {
                    work.Fault = reason.Message;
                }
                finally
                {
                    Exit();
                }
            }
        }

        work.Times.Preprocess = time.GetElapsedTime(began).TotalMilliseconds;
    }

    /// <summary>Step 5: the landmarks of each face, as fractions. One thread at a time. A refusal of the engine becomes <see cref="FrameWork.Fault"/>.</summary>
    public void Infer(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var began = time.GetTimestamp();
        for (var i = 0; i < work.FaceCount && work.Fault is null && Enter(work); i++)
        {
            try
            {
                engine.Run(work.Tensors[i]!);
            }
            catch (EngineException reason)
            {
                work.Fault = reason.Message;
            }
            finally
            {
                Exit();
            }
        }

        work.Times.Inference = time.GetElapsedTime(began).TotalMilliseconds;
    }

    /// <summary>Whether all landmarks of an inferred frame are numbers.</summary>
    public static bool HasNumbers(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        for (var i = 0; i < work.FaceCount; i++)
        {
            if (!IsFinite(work.Tensors[i]!.Output))
                return false;
        }

        return true;
    }

    /// <summary>Takes the tensors of a frame back. Any thread.</summary>
    public void Return(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        for (var i = 0; i < work.FaceCount; i++)
        {
            if (work.Tensors[i] is { } tensor)
                _tensors.Add(tensor);
            work.Tensors[i] = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            if (_busy > 0)
                Monitor.Wait(_lock, s_patience);
            if (_busy > 0)
            {
                NativeCalls.LeaveRunning();
                return;
            }
        }

        while (_tensors.TryTake(out var tensor))
            tensor.Dispose();
        engine.Dispose();
        preprocessor.Dispose();
    }

    private static bool IsFinite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                return false;
        }

        return true;
    }

    private bool Enter(FrameWork work)
    {
        lock (_lock)
        {
            if (_closed)
                work.Fault = "the engine is closed";
            else
                _busy++;
            return !_closed;
        }
    }

    private void Exit()
    {
        lock (_lock)
        {
            if (--_busy == 0)
                Monitor.PulseAll(_lock);
        }
    }

    private FaceTensor Rent() => _tensors.TryTake(out var tensor) ? tensor : new FaceTensor(Info.Model.InputSize, Info.Model.Landmarks);
}
