using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Tests.Pixels;

/// <summary>Every processor gives the same tensors to the last bit, whatever vectors it has.</summary>
public sealed class VectorWidthTests
{
    private const string Digest = "240C4B97F7A509E7";

    private static readonly Region[] s_regions =
    [
        new(33, 21, 101, 101),
        new(101, 57, 180, 180),
        new(-40, -30, 150, 150),
        new(0, 0, 322, 241),
        new(90, 30, 200, 200, 35),
        new(-20, 90, 120, 120, -110),
    ];

    [Fact]
    public void The_tensors_of_this_process_are_the_known_ones() => Assert.Equal(Digest, Compute());

    [Theory]
    [InlineData("DOTNET_EnableAVX512F")]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task A_process_with_narrower_vectors_gives_the_same(string switchedOff)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "EdgeNode.Tests.dll"),
                "-method",
                $"{typeof(VectorWidthTests).FullName}.{nameof(The_tensors_of_this_process_are_the_known_ones)}",
            },
            Environment = { [switchedOff] = "0" },
        };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Contains("Total: 1", said, StringComparison.Ordinal);
        Assert.True(process.ExitCode == 0, said);
    }

    private static string Compute()
    {
        var card = new ModelCard
        {
            Name = "m",
            File = "m.onnx",
            InputSize = 100,
        };
        using var pool = new FramePool();
        using var tensor = new FaceTensor(card.InputSize, 98);
        using var preprocessor = new CpuPreprocessor(card);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var layout in new[] { PixelLayout.Yuy2, PixelLayout.Bgr })
        {
            using var frame = PixelScene.Rent(pool, 322, 241, layout);
            foreach (var region in s_regions)
            {
                preprocessor.Prepare(frame, region, tensor);
                hash.AppendData(MemoryMarshal.AsBytes(tensor.Input));
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }
}
