using System.CommandLine;
using System.Globalization;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Hosting;
using FaceLandmark.Locate;
using FaceLandmark.Models;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>model evaluate</c>: the errors of a model over a list, through the same steps as frames go.</summary>
public static class ModelEvaluateCommand
{
    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var list = new Option<string>("--list") { Description = "List file in the format of WFLW.", Required = true, HelpName = "file" };
        var images = new Option<string[]>("--images") { Description = "Folders of the pictures, or zip files named like the first folder of their names.", Required = true, HelpName = "folder|zip", AllowMultipleArgumentsPerToken = true };
        var model = new Option<string?>("--model") { Description = "Name of a model, its card, its ONNX file or the folder of a TVM model object; Models:Default if not given.", HelpName = "model" };
        var detect = new Option<bool>("--detect") { Description = "Find the region with the detector instead of taking it from the list's box." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("evaluate", "Measures a model's error (NME) over a list of annotated faces.") { list, images, model, detect, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = context.Load(parsed);
            var catalogue = new ModelCatalogue(options.Models);
            var card = parsed.GetValue(model) is { } name ? catalogue.Find(name) : catalogue.Default();
            var report = Evaluate(options, card, parsed.GetValue(list)!, parsed.GetValue(images)!, parsed.GetValue(detect), cancellationToken);
            Console.WriteLine(parsed.GetValue(json)
                ? report.ToJson()
                : string.Create(CultureInfo.InvariantCulture, $"{report.Model}: {report.Count} faces, NME {report.NmeMean:f3} % mean, {report.NmeMedian:f3} % median, above 10 %: {report.FailureRate10:f2} %, AUC10 {report.Auc10:f2} %"));
            return Task.FromResult(ExitCode.Clean);
        });
        return command;
    }

    private static EvaluationReport Evaluate(EdgeNodeOptions options, ModelCard card, string listFile, IReadOnlyList<string> roots, bool detect, CancellationToken cancellationToken)
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
