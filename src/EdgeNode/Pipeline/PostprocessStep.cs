using FaceLandmark.Diagnostics;
using FaceLandmark.Locate;
using FaceLandmark.Postprocess;

namespace FaceLandmark.Pipeline;

/// <summary>Step 6: from the network's fractions to faces in pixels of the frame, and word to the locator where they were found.</summary>
public sealed class PostprocessStep(PostprocessOptions options, NodeMetrics metrics, TimeProvider time)
{
    /// <summary>Finishes a frame whose tensors hold the network's output. One thread at a time for each camera.</summary>
    public void Finish(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var began = time.GetTimestamp();
        var faces = work.Faces.AsSpan(0, work.FaceCount);
        for (var i = 0; i < faces.Length; i++)
        {
            faces[i].IsPresent = false;
            if (work.Fault is null)
                Finish(work, faces[i], i);
        }

        foreach (var face in faces)
            face.Box = Box.Of(face.Points);

        // The locator follows the raw points, which don't lag; a frame that failed says nothing about its faces.
        work.Camera.Locator.Report(work.Sequence, work.Fault is null ? faces : []);
        if (work.Camera.Smoother is { } smoother && work.Frame is { IsStill: false })
        {
            smoother.Smooth(faces, time.GetElapsedTime(0, work.Timestamp).TotalSeconds);
            work.Filtered = true;
        }

        foreach (var face in faces)
        {
            if (face.IsPresent)
                FaceSignals.Measure(face);
        }

        work.Times.Postprocess = time.GetElapsedTime(began).TotalMilliseconds;
    }

    private void Finish(FrameWork work, Face face, int index)
    {
        var tensor = work.Tensors[index]!;
        var finite = LandmarkProjection.Project(tensor.Output, face.Candidate.Region, face.Points);
        PresenceGate.Apply(face, finite, tensor.Presence, options.MinPresence);
        if (!finite)
        {
            work.Fault = $"the model {work.Engine.Model.Name} gave NaN or infinity; verify it with `model verify`";
            metrics.Dropped(DropReason.Infer, DropReason.InvalidOutput);
        }
    }
}
