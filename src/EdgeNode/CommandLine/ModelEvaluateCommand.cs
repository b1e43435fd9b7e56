using System.CommandLine;
using System.Globalization;
using System.Text;
using FaceLandmark.Models;
using FaceLandmark.Models.Evaluation;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>model evaluate</c>: the errors of models over a list, through the same steps as frames go.</summary>
internal static class ModelEvaluateCommand
{
    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var list = new Option<string>("--list")
        {
            Description = "List file of WFLW, list of 68 points, or folder of pictures and .pts files as 300-W has them.",
            Required = true,
            HelpName = "file|folder",
        };
        var images = new Option<string[]>("--images")
        {
            Description =
                "Folders of the pictures, or zip files named after the first folder in the pictures' names; not needed for .pts files.",
            HelpName = "folder|zip",
            AllowMultipleArgumentsPerToken = true,
        };
        var model = new Option<string[]>("--model")
        {
            Description = "Names of models, their cards, ONNX files or the folders of TVM model objects; Models:Default if not given.",
            HelpName = "model",
            AllowMultipleArgumentsPerToken = true,
        };
        var detect = new Option<bool>("--detect")
        {
            Description = "Find the region with the detector instead of taking it from the list's box.",
        };
        var plot = new Option<string?>("--plot") { Description = "Draw the cumulative error curve into this PNG file.", HelpName = "file" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object a model." };
        plot.Validators.Add(result =>
        {
            if (result.GetValue(plot) is { } path && ErrorCurve.Refuse(path) is { } reason)
                result.AddError(reason);
        });
        var command = new Command("evaluate", "Measures the error (NME) of models over a list of annotated faces.")
        {
            list,
            images,
            model,
            detect,
            plot,
            json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(list) is { } source && result.GetValue(images) is null or [] && !Directory.Exists(source))
                result.AddError("--images is missing: give the folder or the zip file of the list's pictures.");
        });
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var options = context.Load(parsed);
                var catalogue = new ModelCatalogue(options.Models);
                var cards = parsed.GetValue(model) is { Length: > 0 } names ? names.Select(catalogue.Find).ToList() : [catalogue.Default()];
                var reports = new List<EvaluationReport>();
                foreach (var card in cards)
                {
                    reports.Add(
                        ListEvaluation.Run(
                            new EvaluationOptions(
                                options.Engines,
                                options.Locate,
                                options.Preprocess,
                                options.Postprocess,
                                options.Pictures
                            ),
                            card,
                            parsed.GetValue(list)!,
                            parsed.GetValue(images) ?? [],
                            parsed.GetValue(detect),
                            Progress.ForEach,
                            cancellationToken
                        )
                    );
                    Console.WriteLine(parsed.GetValue(json) ? reports[^1].ToJson() : Text(reports[^1]));
                }

                if (parsed.GetValue(plot) is { } path)
                    ErrorCurve.Save(path, reports);
                return Task.FromResult(ExitCode.Clean);
            }
        );
        return command;
    }

    private static string Text(EvaluationReport report)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{report.Model}: {report.Count} faces, NME {report.NmeMean:f3} % mean, {report.NmeMedian:f3} % median, "
                + $"above 10 %: {report.FailureRate10:f2} %, AUC10 {report.Auc10:f2} %\n"
                + $"  {report.Points} points compared, refused as no face: {report.Refused:f2} %, not found: {report.Missed:f2} %\n"
                + $"  by part: "
        );
        text.AppendJoin(", ", report.Parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Key} {part.Value:f2} %")));
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n  {"",-24}{"faces",7}{"mean %",9}{"median %",10}{"above 10 %",12}{"refused %",11}"
        );
        Append(text, "attribute", report.Attributes);
        Append(text, "yaw", report.Yaw);
        Append(text, "roll", report.Roll);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string by, IReadOnlyDictionary<string, ErrorGroup> groups)
    {
        foreach (var (name, group) in groups)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n  {by + " " + name,-24}{group.Count,7}{group.NmeMean,9:f2}{group.NmeMedian,10:f2}{group.FailureRate10,12:f1}"
                    + $"{group.Refused,11:f1}"
            );
        }
    }
}
