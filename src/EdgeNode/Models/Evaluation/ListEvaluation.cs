using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Locate;
using FaceLandmark.ModelCards;
using FaceLandmark.Pipeline;

namespace FaceLandmark.Models.Evaluation;

/// <summary>The errors of a model over a list of annotated faces.</summary>
internal static class ListEvaluation
{
    /// <summary>Measures a model; the region of each face is the list's box, or the detector's.</summary>
    /// <param name="options">Detector, engines and the score from which points are accepted.</param>
    /// <param name="card">The model; 98 or 68 points.</param>
    /// <param name="source">A list file or a folder of <c>.pts</c> files.</param>
    /// <param name="roots">Where the pictures are; none for a folder of <c>.pts</c> files, which has them.</param>
    /// <param name="detect">True: the detector finds the region.</param>
    /// <param name="loop">Goes through the faces.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static EvaluationReport Run(
        EvaluationOptions options,
        ModelCard card,
        string source,
        IReadOnlyList<string> roots,
        bool detect,
        WorkLoop loop,
        CancellationToken cancellationToken
    )
    {
        if (card.Landmarks is not 98 and not 68)
            throw new ModelException($"The model {card.Name} gives {card.Landmarks} points; only 98 or 68 can be compared with a list.");
        var list = AnnotatedFaces.Read(source);
        using var pictures = new PictureStore(roots.Count == 0 && Directory.Exists(source) ? [source] : roots);
        using var pool = new FramePool();
        using var lane = EngineFactory.OpenLane(card, options.Engines, TimeProvider.System, options.Preprocess.Path);
        using var detector = detect ? new BlazeFaceDetector(options.Locate) : null;
        using var locator = new FixedLocator { IsFirstLook = detect };
        var analyzer = new StillAnalyzer(locator, lane, options.Postprocess, maxFaces: 1, TimeProvider.System);
        var errors = new List<FaceError>(list.Count);
        loop(
            $"Evaluating {card.Name}",
            list.Count,
            index =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                var face = list[index];
                var frame = PictureFile.Decode(pictures.Read(face.Picture), face.Picture, pool, options.Pictures);
                var found = detector is null ? face.Box : Nearest(detector, frame, face.Box);
                locator.Region = Region.Around(found ?? new Box(0, 0, frame.Width, frame.Height));
                analyzer.Analyze(
                    frame,
                    work => errors.Add(FaceError.Of(work.Faces[0].Points, face, work.Faces[0].IsPresent, found is not null))
                );
            }
        );
        return EvaluationReport.Of(errors, card.Name) with { List = source, Points = Math.Min(card.Landmarks, list[0].Points.Length / 2) };
    }

    // Null for a face that the detector misses. It counts with the whole picture as its region: that is an error of the chain.
    private static Box? Nearest(BlazeFaceDetector detector, Frame frame, Box truth)
    {
        Box? best = null;
        foreach (var detection in detector.Detect(frame))
        {
            var overlap = detection.Box.Overlap(truth);
            if (overlap > 0 && (best is null || overlap > best.Value.Overlap(truth)))
                best = detection.Box;
        }

        return best;
    }
}
