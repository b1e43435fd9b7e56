using System.Runtime.InteropServices;

namespace FaceLandmark.Tests.Models;

/// <summary>
/// Processors of x86-64 without dot products of bytes, emulated: one with AVX2 and one that has SSE4.2 only, the least that .NET runs on.
/// Sums of 8-bit products overflow there where ONNX Runtime is not told to avoid it.
/// </summary>
public sealed class OldProcessorTests
{
    private const string Emulator = "/usr/bin/qemu-x86_64-static";
    private const int Signalled = 128; // exit codes from here on stand for signals

    public static TheoryData<string, string> ModelsAndProcessors =>
        new MatrixTheoryData<string, string>(["deeppose-resnet18-int8", "deeppose-resnet10-int8"], ["Haswell", "Nehalem"]);

    [Theory]
    [MemberData(nameof(ModelsAndProcessors))]
    public async Task A_model_of_eight_bits_computes_what_its_card_says(string model, string processor)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "ONNX Runtime is not that of x86-64 here.");
        Assert.SkipUnless(File.Exists(Emulator), $"{Emulator} is not here.");
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
        var (exitCode, output, errors) = await VerifyAsync();
        // Once in many runs .NET dies under the emulator, in code that had run before. What dies twice is a fault.
        if (exitCode >= Signalled)
            (exitCode, output, errors) = await VerifyAsync();
        Assert.True(exitCode == 0, errors);
        Assert.Contains("self-test: largest difference 0.00", output, StringComparison.Ordinal);

        async Task<(int ExitCode, string Output, string Errors)> VerifyAsync()
        {
            await using var program = RunningProgram.Start(
                Emulator,
                ["-cpu", processor, dotnet, Path.Combine(AppContext.BaseDirectory, "EdgeNode.dll"), "model", "verify", model]
            );
            return await program.EndAsync();
        }
    }
}
