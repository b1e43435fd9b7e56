using System.Text.Json;
using FaceLandmark.Control;
using FaceLandmark.Inference;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;
using FaceLandmark.Tests.Inference;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Tests.Control;

public sealed class ModelCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-switch-").FullName;
    private readonly SwitchableNetwork _network;
    private readonly ModelCommand _command;

    public ModelCommandTests()
    {
        Write("good");
        Write("other");
        Write("endless", endless: true);
        var (models, engines) = (new ModelsOptions { Folder = _folder, Default = "good" }, new EnginesOptions());
        _network = new SwitchableNetwork(EngineFactory.OpenNetwork(new ModelCatalogue(models).Default(), engines));
        _command = new ModelCommand(_network, models, engines, () => { }, NullLogger<ModelCommand>.Instance);
    }

    public void Dispose()
    {
        _network.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_model_that_computes_for_ever_holds_nobody_up()
    {
        using var limit = new CancellationTokenSource();
        var asking = AskAsync("endless", limit.Token);
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        // It is asked to end, and does; until then another one has to wait.
        while (_network.Info.Model.Name != "other")
        {
            try
            {
                await AskAsync("other", TestContext.Current.CancellationToken);
            }
            catch (CommandException refusal)
            {
                Assert.Contains("still being tried", refusal.Message, StringComparison.Ordinal);
                await Task.Yield();
            }
        }
    }

    [Theory]
    [InlineData("""{ "name": "bad", "file": "good.onnx", "mean": null }""")]
    [InlineData("""{ "name": null, "file": null }""")]
    [InlineData("{")]
    public async Task A_bad_card_beside_it_keeps_no_model_from_being_switched_to(string bad)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "bad.json"), bad, TestContext.Current.CancellationToken);

        await AskAsync("other", TestContext.Current.CancellationToken);

        Assert.Equal("other", _network.Info.Model.Name);
    }

    private Task<JsonElement?> AskAsync(string model, CancellationToken cancellationToken)
    {
        var arguments = JsonSerializer.SerializeToElement(new { model });
        return _command.ExecuteAsync(new CommandArguments(arguments), cancellationToken);
    }

    private void Write(string name, bool endless = false)
    {
        new TinyOnnx(64, TinyOnnx.Circle(98), endless: endless).Save(Path.Combine(_folder, name + ".onnx"));
        File.WriteAllText(Path.Combine(_folder, name + ".json"), $$"""{ "name": "{{name}}", "file": "{{name}}.onnx", "inputSize": 64 }""");
    }
}
