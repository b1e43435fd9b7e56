using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Hosting;
using FaceLandmark.Locate;
using FaceLandmark.Models;

namespace FaceLandmark.CommandLine;

/// <summary>The errors of a model over a list of annotated faces.</summary>
internal static class ListEvaluation
{
    /// <summary>Measures a model; the region of each face is the list's box, or the detector's.</summary>
    public static EvaluationReport Run(EdgeNodeOptions options, ModelCard card, string listFile, IReadOnlyList<string> roots, bool detect, CancellationToken cancellationToken)
    {
        if (card.Landmarks != 98)
            throw new ModelException($"The model {card.Name} gives {card.Landmarks} points, but lists of WFLW have 98: it can't be compared with them.");
        var list = WflwList.Read(listFile);
        using var pictures = new PictureStore(roots);
        using var pool = new FramePool();
        using var lane = EngineFactory.OpenLane(card, options.Engines, TimeProvider.System);
        using var detector = detect ? new BlazeFaceDetector(options.Locate) : null;
        using var locator = new FixedLocator();
        var analyzer = NodeParts.Analyzer(options with { Locate = options.Locate with { MaxFaces = 1 } }, lane, locator);
        var errors = new List<double>(list.Count);
        Progress.ForEach($"Evaluating {card.Name}", list.Count, index =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var face = list[index];
            var frame = PictureReader.Decode(pictures.Read(face.Picture), face.Picture, pool);
            locator.Region = Region.Around(detector is null ? face.Box : Nearest(detector, frame, face.Box));
            analyzer.Analyze(frame, work => errors.Add(EvaluationReport.Nme(work.Faces[0].Points, face.Points)));
        });
        return EvaluationReport.Of(errors, card.Name);
    }

    // A face that the detector misses counts with the whole picture as its region: it is an error of the chain.
    private static Box Nearest(BlazeFaceDetector detector, Frame frame, Box truth)
    {
        var best = new Box(0, 0, frame.Width, frame.Height);
        var found = detector.Detect(frame);
        foreach (var detection in found)
        {
            if (detection.Box.Overlap(truth) > best.Overlap(truth) || best.Width >= frame.Width)
                best = detection.Box;
        }

        return best;
    }
}
