using FaceLandmark.Diagnostics;
using FaceLandmark.Inference;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;

namespace FaceLandmark.Tests.Pipeline;

/// <summary>The memory of the whole process, which is measured while no other test runs in it.</summary>
[Collection(Alone.Name)]
public sealed class LoadedMemoryTests
{
    private const long FewBytes = 10 << 20;
    private const int Loads = 5;

    [Fact]
    public void What_loading_a_network_frees_goes_back_to_the_system()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var card = new ModelCatalogue(new ModelsOptions { EightBit = false }).Default();
        var least = long.MaxValue;
        for (var i = 0; i < Loads; i++)
        {
            using var network = EngineFactory.OpenNetwork(card, new EnginesOptions());
            var loaded = ProcessUsage.OwnBytes();
            NativeHeap.Trim();
            least = Math.Min(least, loaded - ProcessUsage.OwnBytes());
        }

        // The file's weights are 23 MB, those of 32 bits twice that. What else the process gives back meanwhile, it does not each time.
        Assert.InRange(least, long.MinValue, FewBytes);
    }
}
