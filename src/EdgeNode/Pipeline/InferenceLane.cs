using FaceLandmark.Faces;
using FaceLandmark.Inference;
using FaceLandmark.Locate;
using FaceLandmark.ModelCards;
using FaceLandmark.Postprocess;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Pipeline;

/// <summary>A network as steps 4 and 5 of the frames that are sent to it.</summary>
internal sealed class InferenceLane(SwitchableNetwork network, TimeProvider time) : IDisposable
{
    /// <summary>A lane with one network, which it takes over.</summary>
    public InferenceLane(IPreprocessor preprocessor, ILandmarkEngine engine, TimeProvider time)
        : this(new SwitchableNetwork(new LandmarkNetwork(preprocessor, engine)), time) { }

    /// <summary>What it is.</summary>
    public EngineInfo Info => network.Info;

    /// <summary>How many frames may be inferred at once.</summary>
    public int AtOnce { get; } = network.AtOnce;

    /// <summary>
    /// Runs pre-processing and network once, on the self-test's picture: the first inference is slow, and a broken or exchanged model
    /// shows before frames come.
    /// </summary>
    /// <returns>What the self-test found.</returns>
    /// <exception cref="EngineException">The model cannot be run.</exception>
    /// <exception cref="ModelException">It gives no numbers, or other points than its card says.</exception>
    public SelfTestResult WarmUp()
    {
        var leased = network.Lease();
        try
        {
            return SelfTestRun.Of(leased);
        }
        finally
        {
            leased.Release();
        }
    }

    /// <summary>
    /// Step 4: a tensor for each face. One thread at a time. A refusal of the device becomes <see cref="FrameWork.Fault"/>.
    /// </summary>
    public void Prepare(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var began = time.GetTimestamp();
        var leased = work.Network = network.Lease();
        work.Engine = leased.Info;
        try
        {
            for (var i = 0; i < work.FaceCount && work.Fault is null; i++)
            {
                var tensor = work.Tensors[i] = leased.Rent();
                leased.Prepare(work.Frame!, work.Faces[i].Region, tensor);
            }
        }
        catch (EngineException reason)
        {
            work.Fault = reason.Message;
        }

        work.PreparedAt = time.GetTimestamp();
        work.Times.Preprocess = time.GetElapsedTime(began, work.PreparedAt).TotalMilliseconds;
    }

    /// <summary>
    /// Step 5: the landmarks of each face, as fractions. One thread at a time. A refusal of the engine becomes
    /// <see cref="FrameWork.Fault"/>.
    /// </summary>
    public void Infer(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var began = time.GetTimestamp();
        try
        {
            for (var i = 0; i < work.FaceCount && work.Fault is null; i++)
            {
                work.Network!.Run(work.Tensors[i]!);
                if (TryPrepareSecondLook(work, i))
                    work.Network.Run(work.Tensors[i]!);
            }
        }
        catch (EngineException reason)
        {
            work.Fault = reason.Message;
        }

        work.InferredAt = time.GetTimestamp();
        work.Times.Inference = time.GetElapsedTime(began, work.InferredAt).TotalMilliseconds;
    }

    /// <summary>Step 5 for an engine that infers several faces at once; <see cref="AtOnce"/> frames at once.</summary>
    public async Task InferAsync(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var began = time.GetTimestamp();
        try
        {
            if (work.Fault is null)
                await Task.WhenAll(Enumerable.Range(0, work.FaceCount).Select(i => InferAsync(work, i))).ConfigureAwait(false);
        }
        catch (EngineException reason)
        {
            work.Fault = reason.Message;
        }

        work.InferredAt = time.GetTimestamp();
        work.Times.Inference = time.GetElapsedTime(began, work.InferredAt).TotalMilliseconds;
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

    /// <summary>Takes the tensors of a frame back, and its lease. Any thread.</summary>
    public static void Return(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (work.Network is not { } leased)
            return;
        for (var i = 0; i < work.FaceCount; i++)
        {
            if (work.Tensors[i] is { } tensor)
                leased.Return(tensor);
            work.Tensors[i] = null;
        }

        work.Network = null;
        leased.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();

    private static async Task InferAsync(FrameWork work, int index)
    {
        await work.Network!.RunAsync(work.Tensors[index]!).ConfigureAwait(false);
        if (TryPrepareSecondLook(work, index))
            await work.Network.RunAsync(work.Tensors[index]!).ConfigureAwait(false);
    }

    // The first look at a face only says where it is: its tensor is prepared again, from the region that the tracker would give it in the
    // next frame (docs/decisions/0171). What is no number is left for step 7 to find.
    private static bool TryPrepareSecondLook(FrameWork work, int index)
    {
        var (face, tensor) = (work.Faces[index], work.Tensors[index]!);
        if (!face.Candidate.IsFirstLook || !LandmarkProjection.Project(tensor.Output, face.Region, face.Points))
            return false;
        face.Region = HeadTurn.Around(Box.Of(face.Points), face.Points);
        work.Network!.Prepare(work.Frame!, face.Region, tensor);
        return true;
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
}
