using System.Text.Json;
using FaceLandmark.Control;
using FaceLandmark.Inference;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;
using FaceLandmark.Tests.Inference;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Tests.Control;

public sealed class SwitchedModelTests : IDisposable
{
    private const int Size = 32;
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-").FullName;
    private readonly float[] _points = TinyOnnx.Circle(98);
    private int _switched;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_model_that_passes_its_self_test_takes_the_place_of_the_running_one()
    {
        WriteCard("running", 0);
        WriteCard("good", 0);
        using var network = Open();
        Assert.Equal("good", (await AskAsync(network, "good"))?.GetProperty("model").GetString());
        Assert.Equal(1, _switched);
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task A_model_that_could_not_start_is_not_switched_in()
    {
        WriteCard("running", 0);
        WriteCard("exchanged", 0.1f); // the card's points are not those of its weights
        using var network = Open();
        var refusal = await Assert.ThrowsAsync<CommandException>(() => AskAsync(network, "exchanged"));
        Assert.StartsWith("The model 'running' stays in use: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("fails its self-test", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(("running", 0), (network.Info.Model.Name, _switched));
    }

    private SwitchableNetwork Open() => new(EngineFactory.OpenNetwork(Models().Find("running"), new EnginesOptions()));

    private ModelCatalogue Models() => new(new ModelsOptions { Folder = _folder });

    private async Task<JsonElement?> AskAsync(SwitchableNetwork network, string model)
    {
        var command = new ModelCommand(
            network,
            new ModelsOptions { Folder = _folder },
            new EnginesOptions(),
            () => _switched++,
            NullLogger<ModelCommand>.Instance
        );
        using var json = JsonDocument.Parse($$"""{"model":"{{model}}"}""");
        return await command.ExecuteAsync(new CommandArguments(json.RootElement), TestContext.Current.CancellationToken);
    }

    private void WriteCard(string name, float wrongBy)
    {
        new TinyOnnx(Size, _points).Save(Path.Combine(_folder, name + ".onnx"));
        File.WriteAllText(
            Path.Combine(_folder, name + ".json"),
            JsonSerializer.Serialize(
                new
                {
                    name,
                    file = name + ".onnx",
                    inputSize = Size,
                    selfTest = new
                    {
                        picture = SelfTestPicture.Name,
                        points = _points.Select(value => value + wrongBy),
                        tolerance = 0.001,
                    },
                }
            )
        );
    }
}
