using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;
using FaceLandmark.Faces;
using FaceLandmark.Inference;
using FaceLandmark.Postprocess;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Pipeline;

/// <summary>
/// One frame on its way through the steps: the picture, its faces, the tensors, the times. Pooled; owned by one step at a time. Where two
/// engines get the same frame, each gets its own work item; they share the picture, which goes back with the last of them.
/// </summary>
internal sealed class FrameWork
{
    internal FrameWork(int maxFaces, int landmarks)
    {
        Faces = new Face[maxFaces];
        for (var i = 0; i < maxFaces; i++)
            Faces[i] = new Face(landmarks);
        Tensors = new FaceTensor?[maxFaces];
        Agreements = new FaceAgreement[maxFaces];
    }

    /// <summary>The picture; null once it was handed on or given back.</summary>
    public Frame? Frame { get; set; }

    /// <summary>The camera it came from.</summary>
    public CameraLane Camera { get; set; } = null!;

    /// <summary>Number of the frame within its camera's session.</summary>
    public long Sequence { get; set; }

    /// <summary>Number of the frame among those let in, without gaps: the order of the output.</summary>
    public long Ticket { get; set; }

    /// <summary>When the frame was captured, by the wall clock (UTC).</summary>
    public DateTimeOffset CapturedAt { get; set; }

    /// <summary>As <see cref="Frame.Timestamp"/>.</summary>
    public long Timestamp { get; set; }

    /// <summary>From when the frame's latency counts, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long BeganAt { get; set; }

    /// <summary>Size of the picture, pixels.</summary>
    public (int Width, int Height) Size { get; set; }

    /// <summary>The file the picture came from, or null.</summary>
    public string? File { get; set; }

    /// <summary>As many faces as may be followed; the first <see cref="FaceCount"/> are in use.</summary>
    public Face[] Faces { get; }

    /// <summary>Candidates of this frame.</summary>
    public int FaceCount { get; set; }

    /// <summary>Tensors of the candidates between pre-processing and post-processing.</summary>
    public FaceTensor?[] Tensors { get; }

    /// <summary>
    /// With <see cref="DispatchMode.Compare"/> the other engine's result for the same picture, otherwise null. It goes where this work
    /// goes.
    /// </summary>
    public FrameWork? Twin { get; set; }

    /// <summary>
    /// How far each face's points are from the <see cref="Twin"/>'s, before smoothing; as long as <see cref="FaceCount"/>.
    /// </summary>
    public FaceAgreement[] Agreements { get; }

    /// <summary>What inferred the landmarks.</summary>
    public EngineInfo Engine { get; set; } = null!;

    /// <summary>Why there is no result, in a sentence; null when there is one.</summary>
    public string? Fault { get; set; }

    /// <summary>With a <see cref="Fault"/>: whether there is a result, but no numbers in it.</summary>
    public bool HasNoNumbers { get; set; }

    /// <summary>True when points were smoothed.</summary>
    public bool Filtered { get; set; }

    /// <summary>Frames of this camera that were dropped since the last message.</summary>
    public long DroppedBefore { get; set; }

    /// <summary>The network that prepared its tensors and infers them, on lease between steps 4 and 7.</summary>
    internal LandmarkNetwork? Network { get; set; }

    /// <summary>When it was to enter by its gate, by <see cref="TimeProvider.GetTimestamp"/>; null for a copy.</summary>
    internal long? AdmittedAt { get; set; }

    /// <summary>When its tensors were ready.</summary>
    internal long PreparedAt { get; set; }

    /// <summary>When its inference was over.</summary>
    internal long InferredAt { get; set; }

    /// <summary>Where step 3 sent it, and as what.</summary>
    internal Assignment Assignment { get; } = new();

    /// <summary>Milliseconds spent in each step.</summary>
    public StageTimes Times { get; } = new();

    /// <summary>How often the network sees it: once for each candidate, twice for a new face.</summary>
    public int Inferences
    {
        get
        {
            var count = FaceCount;
            for (var i = 0; i < FaceCount; i++)
                count += Faces[i].Candidate.IsFirstLook ? 1 : 0;
            return count;
        }
    }

    /// <summary>The faces that are present.</summary>
    public int PresentCount
    {
        get
        {
            var count = 0;
            for (var i = 0; i < FaceCount; i++)
                count += Faces[i].IsPresent ? 1 : 0;
            return count;
        }
    }
}
