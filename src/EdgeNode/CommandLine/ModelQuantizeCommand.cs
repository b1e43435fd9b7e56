using System.CommandLine;
using System.Globalization;
using FaceLandmark.Configuration;
using FaceLandmark.Inference;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Models.Evaluation;
using FaceLandmark.Models.Quantize;
using FaceLandmark.Pipeline;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>model quantize</c>: an 8-bit version of a model, with its error and speed beside the original's.</summary>
internal static class ModelQuantizeCommand
{
    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var model = new Argument<string>("model") { Description = "Name of a model, or its card or ONNX file." };
        var calibrate = new Option<string>("--calibrate")
        {
            Description = "Pictures with faces: a folder, or a list in the format of WFLW.",
            Required = true,
            HelpName = "folder|list",
        };
        var images = new Option<string[]>("--images")
        {
            Description = "Folders or zip files of the lists' pictures.",
            HelpName = "folder|zip",
            AllowMultipleArgumentsPerToken = true,
        };
        var list = new Option<string?>("--list")
        {
            Description = "List in the format of WFLW on which the error before and after is measured.",
            HelpName = "file",
        };
        var samples = new Option<int>("--samples")
        {
            Description = "The largest number of pictures used for calibration.",
            DefaultValueFactory = _ => 200,
            HelpName = "n",
        };
        var name = new Option<string?>("--name")
        {
            Description = "Name of the new model; by default the old name with -int8.",
            HelpName = "name",
        };
        var floatFirst = new Option<bool>("--float-first") { Description = "Leave the first convolution in float32." };
        var floatLast = new Option<bool>("--float-last")
        {
            Description =
                "Leave everything after the last convolution in float32, which the presence output needs (false: quantise it too).",
            DefaultValueFactory = _ => true,
        };
        var use = new Option<bool>("--use")
        {
            Description =
                "Name the new model in the card of the old one, so that nodes use it where the processor is faster with bytes.",
        };
        samples.Validators.Add(result =>
        {
            if (result.GetValue(samples) is < 1 or > 10_000)
                result.AddError("--samples must be from 1 to 10000.");
        });
        var command = new Command("quantize", "Makes an 8-bit version of a model.")
        {
            model,
            calibrate,
            images,
            list,
            samples,
            name,
            floatFirst,
            floatLast,
            use,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var options = context.Load(parsed);
                var catalogue = new ModelCatalogue(options.Models);
                var card = catalogue.Find(parsed.GetValue(model)!);
                var roots = parsed.GetValue(images) ?? [];
                var how = new QuantizeOptions(parsed.GetValue(name), parsed.GetValue(floatFirst), parsed.GetValue(floatLast));
                ModelCard quantized;
                using (
                    var pictures = new CalibrationPictures(
                        options.Locate,
                        card,
                        parsed.GetValue(calibrate)!,
                        roots,
                        parsed.GetValue(samples),
                        options.Pictures,
                        Progress.ForEach,
                        Console.Error.WriteLine
                    )
                )
                    quantized = ModelQuantizer.Run(card, catalogue, how, (title, see) => pictures.ForEach(title, see, cancellationToken));
                quantized = MeasureSelfTest(quantized, options.Engines);
                catalogue.Write(quantized);
                Compare(options, card, quantized, catalogue, parsed.GetValue(list), roots, cancellationToken);
                if (parsed.GetValue(use))
                    catalogue.Write(card with { Quantized = quantized.Name });
                return Task.FromResult(ExitCode.Clean);
            }
        );
        return command;
    }

    // Eight bits move the answer to the drawn face, which is like no picture of the calibration. The new card allows that and half
    // as much again, since processors round differently; weights that do not belong to the card are further away.
    private static ModelCard MeasureSelfTest(ModelCard quantized, EnginesOptions engines)
    {
        if (quantized.SelfTest is not { } test)
            return quantized;
        var measured = quantized with { SelfTest = test with { Tolerance = 1 } };
        using var network = EngineFactory.OpenNetwork(measured, engines);
        var moved = SelfTestRun.Of(network).Difference ?? 0;
        return quantized with { SelfTest = test with { Tolerance = Math.Max(test.Tolerance, MathF.Round(1.5f * moved, 4)) } };
    }

    private static void Compare(
        EdgeNodeOptions options,
        ModelCard before,
        ModelCard after,
        ModelCatalogue catalogue,
        string? list,
        IReadOnlyList<string> roots,
        CancellationToken cancellationToken
    )
    {
        Print("", before.Name, after.Name, "");
        if (list is not null)
        {
            var how = new EvaluationOptions(options.Engines, options.Locate, options.Preprocess, options.Postprocess, options.Pictures);
            EvaluationReport Evaluate(ModelCard card) =>
                ListEvaluation.Run(how, card, list, roots, false, Progress.ForEach, cancellationToken);
            var (old, now) = (Evaluate(before), Evaluate(after));
            Print(
                "NME mean",
                Text($"{old.NmeMean:f3} %"),
                Text($"{now.NmeMean:f3} %"),
                Text($"{100 * ((now.NmeMean / old.NmeMean) - 1):+0.00;-0.00} %")
            );
            Print(
                "NME median",
                Text($"{old.NmeMedian:f3} %"),
                Text($"{now.NmeMedian:f3} %"),
                Text($"{100 * ((now.NmeMedian / old.NmeMedian) - 1):+0.00;-0.00} %")
            );
            catalogue.Write(
                after with
                {
                    Errors = new Dictionary<string, double>
                    {
                        ["nmeMean"] = now.NmeMean,
                        ["nmeMedian"] = now.NmeMedian,
                        ["nmeMeanFloat32"] = old.NmeMean,
                    },
                }
            );
        }

        var (slow, fast) = SpeedComparison.Run(before, after, options.Engines);
        Print("inference", Text($"{slow:f2} ms"), Text($"{fast:f2} ms"), Text($"{slow / fast:f2} x as fast"));
        Print("file", Text($"{new FileInfo(before.Path).Length / 1e6:f1} MB"), Text($"{new FileInfo(after.Path).Length / 1e6:f1} MB"), "");
        if (EightBitSupport.Name is null)
            Print("", "", "", "this processor has neither AVX2 nor the dot product of ARM: others are faster");
    }

    private static void Print(string what, string before, string after, string remark) =>
        Console.WriteLine($"{what,-12} {before,24} {after,28}  {remark}".TrimEnd());

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
