using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Hosting;
using FaceLandmark.Inference;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace FaceLandmark.Tests.Inference;

public sealed class ThreadTuningTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("threads").FullName;
    private readonly FakeLogger _logger = new();
    private int _measured;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_first_start_measures_and_the_next_takes_what_it_found()
    {
        var first = Tuning().Apply(Card("a"), new EnginesOptions(), 1, _logger);
        var second = Tuning().Apply(Card("a"), new EnginesOptions(), 1, _logger);
        Assert.Equal((3, false), (first.Onnx.Threads, first.Onnx.Spin));
        Assert.Equal(first, second);
        Assert.Equal(1, _measured);
        Assert.Equal([560], _logger.Collector.GetSnapshot().Select(entry => entry.Id.Id));
    }

    [Fact]
    public void A_busy_machine_is_measured_at_the_next_start()
    {
        var engines = new EnginesOptions();
        var busy = new ThreadTuning(new ThreadStore(_folder), (_, _, _) => null);
        Assert.Equal(engines, busy.Apply(Card("a"), engines, 1, _logger));
        Assert.Equal([562], _logger.Collector.GetSnapshot().Select(entry => entry.Id.Id));
        Assert.Equal(3, Tuning().Apply(Card("a"), engines, 1, _logger).Onnx.Threads);
        Assert.Equal(1, _measured);
    }

    [Fact]
    public void Another_model_or_optimisation_is_measured_by_itself_and_the_first_stays_known()
    {
        Tuning().Apply(Card("a"), new EnginesOptions(), 1, _logger);
        Tuning().Apply(Card("b"), new EnginesOptions(), 1, _logger);
        Tuning().Apply(Card("b"), new EnginesOptions { Onnx = new OnnxOptions { Optimization = OnnxOptimization.Basic } }, 1, _logger);
        Tuning().Apply(Card("a"), new EnginesOptions(), 1, _logger);
        Assert.Equal(3, _measured);
    }

    [Fact]
    public void Another_processor_count_of_them_or_runtime_is_another_situation()
    {
        var here = new ThreadSituation("one", 2, "1.0", "model", "All");
        var store = new ThreadStore(_folder);
        store.Keep(here, new ThreadChoice(2, true, 1, 2));
        Assert.NotNull(store.Find(here));
        Assert.Null(store.Find(here with { Processor = "other" }));
        Assert.Null(store.Find(here with { Processors = 4 }));
        Assert.Null(store.Find(here with { Runtime = "2.0" }));
    }

    [Fact]
    public void Threads_that_the_settings_name_are_taken_as_they_are()
    {
        var engines = new EnginesOptions { Onnx = new OnnxOptions { Threads = 2, Spin = false } };
        Assert.Equal(engines, Tuning().Apply(Card("a"), engines, 1, _logger));
        Assert.Equal(0, _measured);
    }

    [Theory]
    [InlineData(1, 0, 0, 4, 1)]
    [InlineData(2, 0, 0, 4, 2)]
    [InlineData(8, 0, 0, 4, 4)]
    [InlineData(8, 2, 0, 4, 1)] // threads that the settings name are those of one inference
    [InlineData(8, 2, 3, 4, 3)]
    [InlineData(1, 0, 2, 4, 2)]
    public void As_many_faces_are_inferred_at_once_as_there_are_frames_ready_or_processors(
        int ready,
        int threads,
        int atOnce,
        int processors,
        int expected
    ) => Assert.Equal(expected, ThreadTuning.AtOnce(new OnnxOptions { Threads = threads, AtOnce = atOnce }, ready, processors));

    [Fact]
    public void Faces_that_are_inferred_at_once_share_the_processors_and_nothing_is_measured()
    {
        var tuned = Tuning().Apply(Card("a"), new EnginesOptions { Onnx = new OnnxOptions { AtOnce = 64 } }, 2, _logger);
        Assert.Equal((64, 1, false), (tuned.Onnx.AtOnce, tuned.Onnx.Threads, tuned.Onnx.Spin));
        Assert.Equal(0, _measured);
        Assert.Empty(_logger.Collector.GetSnapshot());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("[{}]")]
    [InlineData("""[{"situation":null,"choice":{"threads":2}}]""")]
    [InlineData("""[{"situation":{"processor":"a"},"choice":{"threads":100000}}]""")]
    [InlineData("not json")]
    public void A_damaged_file_is_none_and_is_replaced(string content)
    {
        File.WriteAllText(Path.Combine(_folder, ThreadStore.FileName), content);
        Tuning().Apply(Card("a"), new EnginesOptions(), 1, _logger);
        Tuning().Apply(Card("a"), new EnginesOptions(), 1, _logger);
        Assert.Equal(1, _measured);
    }

    [Fact]
    public void What_cannot_be_kept_is_told_and_used_all_the_same()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        foreach (var store in (ThreadStore[])[new ThreadStore(Path.Combine(file, "state")), new ThreadStore(null)])
        {
            var tuned = new ThreadTuning(store, Measure).Apply(Card("a"), new EnginesOptions(), 1, _logger);
            Assert.Equal(3, tuned.Onnx.Threads);
        }

        Assert.Equal([560, 561, 560, 561], _logger.Collector.GetSnapshot().Select(entry => entry.Id.Id));
        Assert.All(_logger.Collector.GetSnapshot(), entry => Assert.Equal(LogLevel.Information, entry.Level));
    }

    [Fact]
    public void Doctor_tells_what_was_measured_or_that_nothing_was()
    {
        var options = new EdgeNodeOptions();
        var store = new ThreadStore(_folder);
        Assert.Equal(Finding.Absent, NodeDoctor.Threads(options, store)!.Verdict);
        new ThreadTuning(store, Measure).Apply(new ModelCatalogue(options.Models).Default(), options.Engines, 1, _logger);
        var told = NodeDoctor.Threads(options, store)!;
        Assert.Equal(Finding.Ok, told.Verdict);
        Assert.StartsWith("3 threads that wait asleep, 1.5 ms and 2.5 ms of processor time", told.Why, StringComparison.Ordinal);
        var several = NodeDoctor.Threads(options with { Engines = new EnginesOptions { Onnx = new OnnxOptions { AtOnce = 2 } } }, store)!;
        Assert.Equal("2 faces at once, each on its share of the processors", several.Why);
        var film = options with { Cameras = [new CameraOptions { Source = store.File! }] };
        Assert.Equal(Environment.ProcessorCount > 1, NodeDoctor.Threads(film, store) == several);
        var given = options with { Engines = new EnginesOptions { Onnx = new OnnxOptions { Threads = 1 } } };
        Assert.Null(NodeDoctor.Threads(given, store));
    }

    private ThreadTuning Tuning() => new(new ThreadStore(_folder), Measure);

    private ThreadChoice Measure(ModelCard model, OnnxOptions options, int processors)
    {
        _measured++;
        return new ThreadChoice(3, false, 1.5, 2.5);
    }

    private ModelCard Card(string content)
    {
        var path = Path.Combine(_folder, content + ".onnx");
        File.WriteAllText(path, content);
        return new ModelCard
        {
            Name = content,
            File = path,
        };
    }
}
