using System.Collections.Concurrent;
using FaceLandmark.Inference;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Pipeline;

/// <summary>An engine with its pre-processing and its tensors: steps 4 and 5 of the frames that are sent to it.</summary>
public sealed class InferenceLane(IPreprocessor preprocessor, ILandmarkEngine engine, TimeProvider time) : IDisposable
{
    private readonly ConcurrentBag<FaceTensor> _tensors = [];

    /// <summary>What it is.</summary>
    public EngineInfo Info => engine.Info;

    /// <summary>Runs the network once on a black picture: the first inference is slow, and a broken model shows before frames come.</summary>
    /// <exception cref="EngineException">The model can't be run or gives no numbers.</exception>
    public void WarmUp()
    {
        var tensor = Rent();
        engine.Run(tensor);
        foreach (var value in tensor.Output)
        {
            if (!float.IsFinite(value))
                throw new EngineException($"The model {Info.Model.Path} gives no numbers (NaN or infinity) for a black picture: its weights are damaged or were exported wrongly; get or export it again.");
        }

        _tensors.Add(tensor);
    }

    /// <summary>Step 4: a tensor for each face. One thread at a time.</summary>
    public void Prepare(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var began = time.GetTimestamp();
        lock (preprocessor) // a model is replaced between two frames
        {
            work.Engine = Info;
            for (var i = 0; i < work.FaceCount; i++)
            {
                var tensor = Rent();
                work.Tensors[i] = tensor;
                preprocessor.Prepare(work.Frame!, work.Faces[i].Candidate.Region, tensor);
            }
        }

        work.Times.Preprocess = time.GetElapsedTime(began).TotalMilliseconds;
    }

    /// <summary>Step 5: the landmarks of each face, as fractions. One thread at a time. A refusal of the engine becomes <see cref="FrameWork.Fault"/>.</summary>
    public void Infer(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var began = time.GetTimestamp();
        try
        {
            for (var i = 0; i < work.FaceCount && work.Fault is null; i++)
                engine.Run(work.Tensors[i]!);
        }
        catch (EngineException reason)
        {
            work.Fault = reason.Message;
        }

        work.Times.Inference = time.GetElapsedTime(began).TotalMilliseconds;
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
        while (_tensors.TryTake(out var tensor))
            tensor.Dispose();
        engine.Dispose();
        preprocessor.Dispose();
    }

    private FaceTensor Rent() => _tensors.TryTake(out var tensor) ? tensor : new FaceTensor(Info.Model.InputSize, Info.Model.Landmarks);
}
