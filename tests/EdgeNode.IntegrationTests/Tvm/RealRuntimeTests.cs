using System.Runtime.InteropServices;
using FaceLandmark.Inference;
using FaceLandmark.Inference.Tvm;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Tests.Tvm;

/// <summary>
/// A real runtime of TVM (<c>FACELANDMARK_TVM_LIBRARY</c>) on real model objects (<c>FACELANDMARK_TVM_OBJECTS</c>: folders separated by
/// colons, or one folder of them; each with <c>input0.f32</c> and <c>output0.f32</c> beside the three files). Nothing of these is in the
/// repository.
/// </summary>
public sealed class RealRuntimeTests
{
    private const float Tolerance = 1e-4f;

    [Fact]
    public void Every_object_for_this_processor_gives_the_reference_output()
    {
        foreach (var folder in Objects(ForThisProcessor))
        {
            using var engine = Open(folder);
            using var tensor = Tensor(engine, folder);
            tensor.Output.Fill(float.NaN);
            engine.Run(tensor);
            var (index, difference) = SelfTest.Worst(tensor.Output, Read(folder, "output0.f32"));
            Assert.True(difference <= Tolerance, $"{folder}: value {index} differs by {difference}.");
        }
    }

    [Fact]
    public void Tensors_take_turns_without_touching_each_other()
    {
        foreach (var folder in Objects(ForThisProcessor))
        {
            using var engine = Open(folder);
            using var picture = Tensor(engine, folder);
            using var black = new FaceTensor(picture.Size, picture.Landmarks);
            engine.Run(black);
            engine.Run(picture);
            var (_, difference) = SelfTest.Worst(picture.Output, Read(folder, "output0.f32"));
            Assert.InRange(difference, 0, Tolerance);
            Assert.True(SelfTest.Worst(black.Output, picture.Output).Difference > 0, "A black picture gives the same points.");
        }
    }

    [Fact]
    public void An_object_for_another_processor_is_refused_by_name()
    {
        var foreign = Objects(folder => !ForThisProcessor(folder));
        Assert.SkipUnless(foreign.Count > 0, "FACELANDMARK_TVM_OBJECTS has no object for another processor.");
        foreach (var folder in foreign)
            Assert.Contains("is made for ", Assert.Throws<EngineException>(() => Open(folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deploy.params", "is cut off or damaged")]
    [InlineData("deploy.json", "could not make an executor for ")]
    public void A_damaged_object_is_refused_with_a_sentence(string file, string deed)
    {
        foreach (var folder in Objects(ForThisProcessor))
        {
            var copy = Path.Combine(Path.GetTempPath(), $"facelandmark-real-{Guid.NewGuid():N}");
            Directory.CreateDirectory(copy);
            try
            {
                foreach (var name in new[] { "deploy.so", "deploy.json", "deploy.params" })
                    // Writable, as File.Copy would not make it.
                    File.WriteAllBytes(Path.Combine(copy, name), File.ReadAllBytes(Path.Combine(folder, name)));
                var damaged = Path.Combine(copy, file);
                if (file == "deploy.json")
                    File.WriteAllText(
                        damaged,
                        File.ReadAllText(damaged).Replace("\"func_name\": \"tvmgen", "\"func_name\": \"nowhere", StringComparison.Ordinal)
                    );
                else
                    File.WriteAllBytes(damaged, File.ReadAllBytes(damaged)[..^1]);
                var message = Assert.Throws<EngineException>(() => Open(copy)).Message;
                Assert.Contains(deed, message, StringComparison.Ordinal);
                Assert.DoesNotContain("Traceback", message, StringComparison.Ordinal);
                TestContext.Current.TestOutputHelper?.WriteLine(message);
            }
            finally
            {
                Directory.Delete(copy, recursive: true);
            }
        }
    }

    private static TvmEngine Open(string folder)
    {
        var catalogue = new ModelCatalogue(new ModelsOptions());
        return new TvmEngine(catalogue.Find(folder), new TvmOptions());
    }

    private static FaceTensor Tensor(TvmEngine engine, string folder)
    {
        var tensor = new FaceTensor(engine.Info.Model.InputSize, engine.Info.Model.Landmarks);
        Read(folder, "input0.f32").CopyTo(tensor.Input);
        return tensor;
    }

    private static Span<float> Read(string folder, string file) =>
        MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, file)).AsSpan());

    // Byte 18 of an ELF file is its machine: 62 x86-64, 183 arm64.
    private static bool ForThisProcessor(string folder)
    {
        using var file = File.OpenRead(Path.Combine(folder, "deploy.so"));
        file.Position = 18;
        return file.ReadByte() == (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 183 : 62);
    }

    private static List<string> Objects(Func<string, bool> wanted)
    {
        var named = Environment.GetEnvironmentVariable("FACELANDMARK_TVM_OBJECTS");
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("FACELANDMARK_TVM_LIBRARY") is { Length: > 0 } && named is { Length: > 0 },
            "FACELANDMARK_TVM_LIBRARY and FACELANDMARK_TVM_OBJECTS name no real runtime and objects."
        );
        var folders = named!
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => File.Exists(Path.Combine(folder, "deploy.so")) ? [folder] : Directory.GetDirectories(folder))
            .ToList();
        Assert.True(folders.Exists(ForThisProcessor), $"FACELANDMARK_TVM_OBJECTS ({named}) has no object for this processor.");
        return [.. folders.Where(wanted)];
    }
}
