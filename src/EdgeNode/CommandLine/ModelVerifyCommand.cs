using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using FaceLandmark.Hosting;
using FaceLandmark.Inference;
using FaceLandmark.Models;
using FaceLandmark.Preprocess;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>model verify</c>: loads a model, checks its contract and, with an input and the answer expected, its arithmetic.</summary>
public static class ModelVerifyCommand
{
    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var path = new Argument<string>("path") { Description = "Name of a model, or its card or ONNX file." };
        var input = new Option<string?>("--input") { Description = "Raw little-endian float32: the input 1x3xSxS.", HelpName = "file" };
        var expect = new Option<string?>("--expect") { Description = "Raw little-endian float32: the output expected, 1xNx2.", HelpName = "file" };
        var tolerance = new Option<float>("--tolerance") { Description = "The greatest difference allowed of any value.", DefaultValueFactory = _ => 1e-4f, HelpName = "fraction" };
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
            ModelCatalogue.VerifyHash(card);
            using var engine = EngineFactory.Open(card, options.Engines);
            using var tensor = new FaceTensor(card.InputSize, card.Landmarks);
            if (parsed.GetValue(input) is { } file)
                ReadFloats(file, 3 * card.InputSize * card.InputSize).CopyTo(tensor.Input);
            engine.Run(tensor);
            foreach (var value in tensor.Output)
            {
                if (!float.IsFinite(value))
                    throw new EngineException($"{card.Path} gave NaN or infinity: its weights are damaged or were exported wrongly; get or export it again.");
            }

            Console.WriteLine($"{card.Path}: input0 1x3x{card.InputSize}x{card.InputSize} -> 1x{card.Landmarks}x2, {engine.Info.Runtime} on {engine.Info.Device.Name}");
            if (parsed.GetValue(expect) is not { } expected)
                return ExitCode.Clean;
            return Compare(card, tensor.Output, ReadFloats(expected, 2 * card.Landmarks), parsed.GetValue(tolerance));
        });
        return command;
    }

    private static int Compare(ModelCard card, ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, float tolerance)
    {
        var worst = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(actual[i] - expected[i]) <= Math.Abs(actual[worst] - expected[worst])))
                worst = i;
        }

        var difference = Math.Abs(actual[worst] - expected[worst]);
        var verdict = string.Create(CultureInfo.InvariantCulture, $"greatest difference {difference:g3} at value {worst} ({actual[worst]:g6} instead of {expected[worst]:g6}), tolerance {tolerance:g3}");
        if (difference <= tolerance)
        {
            Console.WriteLine($"matches: {verdict}");
            return ExitCode.Clean;
        }

        Console.Error.WriteLine($"{card.Path} does not give the output expected: {verdict}.");
        return ExitCode.Fault;
    }

    private static float[] ReadFloats(string path, int count)
    {
        if (!File.Exists(path))
            throw new ModelException($"The file {path} is missing: give raw little-endian float32 values.");
        var length = new FileInfo(path).Length;
        if (length != count * sizeof(float))
            throw new ModelException($"{path} has {length} bytes, but the model needs {count} float32 values, that is {count * sizeof(float)} bytes.");
        return [.. MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path))];
    }
}
