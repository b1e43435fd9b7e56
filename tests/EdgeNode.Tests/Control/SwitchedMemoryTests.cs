using System.Text.Json;
using FaceLandmark.Control;
using FaceLandmark.Inference;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Tests.Control;

/// <summary>The memory of the whole process, which is measured while no other test runs in it.</summary>
[Collection(Alone.Name)]
public sealed class SwitchedMemoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-switch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Memory_does_not_grow_with_the_number_of_switches()
    {
        foreach (var name in new[] { "deeppose-resnet18", "deeppose-resnet18-int8" })
        {
            foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "models"), name + ".*"))
                File.CreateSymbolicLink(Path.Combine(_folder, Path.GetFileName(file)), file);
        }

        var (models, engines) = (
            new ModelsOptions
            {
                Folder = _folder,
                Default = "deeppose-resnet18",
                EightBit = false,
            },
            new EnginesOptions()
        );
        using var network = new SwitchableNetwork(EngineFactory.OpenNetwork(new ModelCatalogue(models).Default(), engines));
        var command = new ModelCommand(network, models, engines, () => { }, NullLogger<ModelCommand>.Instance);
        var early = await SwitchAsync(6);
        var late = await SwitchAsync(24);

        // A network of this size leaves tens of megabytes behind each time where freed memory is kept.
        Assert.InRange(late - early, long.MinValue, 100 << 20);

        async Task<long> SwitchAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var model = i % 2 == 0 ? "deeppose-resnet18-int8" : "deeppose-resnet18";
                await command.ExecuteAsync(
                    new CommandArguments(JsonSerializer.SerializeToElement(new { model })),
                    TestContext.Current.CancellationToken
                );
            }

            return Environment.WorkingSet;
        }
    }
}
