using FaceLandmark.Faces;
using FaceLandmark.Postprocess;

namespace FaceLandmark.Pipeline;

/// <summary>Step 7: from the network's fractions to faces in pixels of the frame, and word to the locator where they were found.</summary>
internal sealed class PostprocessStep(PostprocessOptions options, TimeProvider time)
{
    /// <summary>
    /// Finishes a frame whose tensors hold the network's output, and its twin. One thread at a time for each camera, frames in order.
    /// </summary>
    public void Finish(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var began = time.GetTimestamp();
        var faces = work.Faces.AsSpan(0, work.FaceCount);
        Project(work);
        if (work.Twin is { } twin)
            FinishTwin(work, twin);
        foreach (var face in faces)
            face.Box = Box.Of(face.Points);

        // The locator follows the raw points, which do not lag; a frame that failed says nothing about its faces.
        work.Camera.Locator.Report(work.Sequence, work.Fault is null ? faces : []);
        if (work.Camera.Smoother is { } smoother && work.Frame is { IsStill: false } && work.Fault is null)
        {
            smoother.Smooth(faces, time.GetElapsedTime(0, work.Timestamp).TotalSeconds);
            work.Filtered = true;
        }

        Measure(faces);
        work.Times.Postprocess = time.GetElapsedTime(began).TotalMilliseconds;
    }

    private static void Measure(ReadOnlySpan<Face> faces)
    {
        foreach (var face in faces)
        {
            if (face.IsPresent)
                FaceSignals.Measure(face);
        }
    }

    /// <summary>
    /// The other engine's result: measured, and compared point by point before anything is smoothed. The locator follows the first one's.
    /// </summary>
    private void FinishTwin(FrameWork work, FrameWork twin)
    {
        var began = time.GetTimestamp();
        var faces = twin.Faces.AsSpan(0, twin.FaceCount);
        Project(twin);
        for (var i = 0; i < faces.Length; i++)
        {
            faces[i].Box = Box.Of(faces[i].Points);
            work.Agreements[i] =
                work.Faces[i].IsPresent && work.Fault is null && twin.Fault is null
                    ? FaceAgreement.Between(work.Faces[i].Points, faces[i].Points)
                    : FaceAgreement.None;
        }

        Measure(faces);
        twin.Times.Postprocess = time.GetElapsedTime(began).TotalMilliseconds;
    }

    private void Project(FrameWork work)
    {
        for (var i = 0; i < work.FaceCount; i++)
        {
            work.Faces[i].IsPresent = false;
            if (work.Fault is null)
                Project(work, work.Faces[i], i);
        }
    }

    private void Project(FrameWork work, Face face, int index)
    {
        var tensor = work.Tensors[index]!;
        var finite = LandmarkProjection.Project(tensor.Output, face.Region, face.Points);
        PresenceGate.Apply(face, finite, tensor.Presence, options.MinPresence);
        if (!finite)
            work.Fault = $"the model {work.Engine.Model.Name} gave NaN or infinity; verify it with `model verify`";
    }
}
