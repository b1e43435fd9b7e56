using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Faces;
using FaceLandmark.Locate;
using FaceLandmark.Pipeline;
using FaceLandmark.Postprocess;

namespace FaceLandmark.Benchmarks;

/// <summary>The steps of the pipeline over a film, one frame after the other.</summary>
internal sealed class FilmRun(EdgeNodeOptions options, InferenceLane lane, IFaceDetector detector)
{
    private readonly PostprocessStep _postprocess = new(options.Postprocess, TimeProvider.System);

    /// <summary>
    /// The points of the first face in each frame, as the network gives them and smoothed, null where there is none; and how many numbers
    /// it had.
    /// </summary>
    public (List<float[]?> Raw, List<float[]?> Smooth, int Tracks) Play(FaceFilm film, int frames)
    {
        using var pool = new FramePool();
        var camera = new CameraLane(0, "film", "film", new FaceLocator(options.Locate, detector));
        var smoother = new LandmarkSmoother(options.Locate.MaxFaces, lane.Info.Model.Landmarks);
        var works = new FrameWorkPool(options.Locate.MaxFaces, lane.Info.Model.Landmarks);
        var candidates = new FaceCandidate[options.Locate.MaxFaces];
        var (raw, smooth, tracks) = (new List<float[]?>(), new List<float[]?>(), new HashSet<int>());
        for (var t = 0; t < frames; t++)
        {
            var frame = film.Render(t, pool);
            frame.Sequence = t + 1;
            frame.Timestamp = (long)(t * TimeProvider.System.TimestampFrequency / FaceFilm.Rate);
            var work = works.Rent(frame, camera);
            work.FaceCount = camera.Locator.Locate(frame, candidates);
            for (var i = 0; i < work.FaceCount; i++)
                work.Faces[i].Candidate = candidates[i];
            lane.Prepare(work);
            lane.Infer(work);
            _postprocess.Finish(work);
            var face = work.FaceCount > 0 && work.Faces[0].IsPresent ? work.Faces[0] : null;
            raw.Add(face?.Points.ToArray());
            smoother.Smooth(work.Faces.AsSpan(0, work.FaceCount), t / FaceFilm.Rate);
            smooth.Add(face?.Points.ToArray());
            if (face is not null)
                tracks.Add(face.Candidate.Id);
            InferenceLane.Return(work);
            works.Return(work);
        }

        return (raw, smooth, tracks.Count);
    }
}
