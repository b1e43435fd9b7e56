using FaceLandmark.Configuration;
using FaceLandmark.Films;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Tests.Films;

public sealed class FilmRunsTests
{
    [Theory]
    [InlineData(8, 1, 1, 2, 4)]
    [InlineData(8, 2, 2, 2, 2)]
    [InlineData(8, 3, 3, 2, 1)] // decoders and encoders take the rest
    [InlineData(2, 1, 1, 2, 1)]
    [InlineData(2, 5, 2, 1, 1)]
    [InlineData(1, 3, 1, 1, 1)]
    public void Films_share_the_cores_and_their_frames_are_inferred_side_by_side(int cores, int films, int atOnce, int frames, int threads)
    {
        var runs = Runs(new EdgeNodeOptions(), cores, films);
        Assert.Equal((atOnce, frames, threads, false), (runs.AtOnce, runs.Onnx.AtOnce, runs.Onnx.Threads, runs.Onnx.Spin));
    }

    [Fact]
    public void A_DRP_AI_serves_one_film_at_a_time_servers_several_and_threads_that_are_set_stay()
    {
        var options = new EdgeNodeOptions();
        foreach (var mode in Enum.GetValues<DispatchMode>())
        {
            var runs = Runs(options with { Dispatch = options.Dispatch with { Mode = mode } }, cores: 4, films: 4);
            Assert.Equal(mode is DispatchMode.Cpu or DispatchMode.Remote ? 4 : 1, runs.AtOnce);
        }

        foreach (var onnx in (OnnxOptions[])[options.Engines.Onnx with { Threads = 3 }, options.Engines.Onnx with { AtOnce = 3 }])
            Assert.Equal(onnx, Runs(options with { Engines = options.Engines with { Onnx = onnx } }, cores: 4, films: 4).Onnx);
    }

    private static FilmRuns Runs(EdgeNodeOptions options, int cores, int films) =>
        new(
            options,
            [.. Enumerable.Range(0, films).Select(film => new FilmJob($"{film}.mp4", new FilmOutputs(null, null, null)))],
            cores,
            NullLoggerFactory.Instance,
            TimeProvider.System
        );
}
