using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;
using FaceLandmark.Preprocess;

namespace FaceLandmark.CommandLine;

/// <summary>
/// The verb <c>model verify</c>: loads a model, checks its contract and, with an input and the answer expected, its arithmetic.
/// </summary>
internal static class ModelVerifyCommand
{
    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var path = new Argument<string>("path")
        {
            Description = "Name of a model, its card, its ONNX file, or the folder of a TVM model object.",
        };
        var input = new Option<string?>("--input") { Description = "Raw little-endian float32: the input 1x3xSxS.", HelpName = "file" };
        var expect = new Option<string?>("--expect")
        {
            Description = "Raw little-endian float32: the expected output, 1xNx2.",
            HelpName = "file",
        };
        var tolerance = new Option<float>("--tolerance")
        {
            Description = "The largest difference that is allowed for a value.",
            DefaultValueFactory = _ => 1e-4f,
            HelpName = "fraction",
        };
        var command = new Command("verify", "Loads a model and checks it.") { path, input, expect, tolerance };
        command.Validators.Add(result =>
        {
            if (result.GetValue(input) is null != result.GetValue(expect) is null)
                result.AddError("--input and --expect go together: give both or neither.");
        });
        command.SetAction(parsed =>
        {
            var options = context.Load(parsed);
            var card = new ModelCatalogue(options.Models).Find(parsed.GetValue(path)!);
            var engine = EngineFactory.Open(card, options.Engines);
            using var lane = new InferenceLane(new CpuPreprocessor(card), engine, TimeProvider.System);
            Console.WriteLine(
                $"{card.Path}: input0 1x3x{card.InputSize}x{card.InputSize} -> 1x{card.Landmarks}x2, "
                    + $"{engine.Info.Runtime} on {engine.Info.Device.Name}"
            );
            Console.WriteLine(SelfTestSentence(card, lane.WarmUp()));
            if (parsed.GetValue(input) is not { } file)
                return ExitCode.Clean;
            using var tensor = new FaceTensor(card.InputSize, card.Landmarks);
            ReadFloats(file, 3 * card.InputSize * card.InputSize).CopyTo(tensor.Input);
            engine.Run(tensor);
            return Compare(card, tensor.Output, ReadFloats(parsed.GetValue(expect)!, 2 * card.Landmarks), parsed.GetValue(tolerance));
        });
        return command;
    }

    private static string SelfTestSentence(ModelCard card, SelfTestResult result)
    {
        var points = result.Difference is { } difference
            ? string.Create(CultureInfo.InvariantCulture, $"largest difference {difference:g3}, tolerance {card.SelfTest!.Tolerance:g3}")
            : "its card has no points to compare with, so the points were only checked to be numbers";
        var shape = result.ShapeScore.ToString("f2", CultureInfo.InvariantCulture);
        return $"self-test: {points}; shape of a face on the drawn face: {shape}";
    }

    private static int Compare(ModelCard card, ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, float tolerance)
    {
        var (worst, difference) = SelfTest.Worst(actual, expected);
        var verdict = string.Create(
            CultureInfo.InvariantCulture,
            $"largest difference {difference:g3} at value {worst} ({actual[worst]:g6} instead of {expected[worst]:g6}), "
                + $"tolerance {tolerance:g3}"
        );
        if (difference <= tolerance)
        {
            Console.WriteLine($"matches: {verdict}");
            return ExitCode.Clean;
        }

        Console.Error.WriteLine($"{card.Path} does not give the expected output: {verdict}.");
        return ExitCode.Fault;
    }

    private static float[] ReadFloats(string path, int count)
    {
        if (!File.Exists(path))
            throw new ModelException($"The file {path} is missing: give raw little-endian float32 values.");
        var length = new FileInfo(path).Length;
        if (length != count * sizeof(float))
            throw new ModelException(
                $"{path} has {length} bytes, but the model needs {count} float32 values, that is {count * sizeof(float)} bytes."
            );
        return [.. MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path))];
    }
}
