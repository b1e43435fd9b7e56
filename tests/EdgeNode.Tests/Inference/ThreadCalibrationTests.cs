using FaceLandmark.Inference.Onnx;
using FaceLandmark.Models;
using FaceLandmark.Platform;

namespace FaceLandmark.Tests.Inference;

public sealed class ThreadCalibrationTests
{
    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(2, new[] { 1, 2, 2 })]
    [InlineData(3, new[] { 1, 3, 3 })]
    [InlineData(4, new[] { 1, 2, 2, 4, 4 })]
    public void One_half_and_all_of_the_processors_are_tried_spinning_and_asleep(int processors, int[] threads)
    {
        var candidates = ThreadCalibration.Candidates(processors);
        Assert.Equal(threads, candidates.Select(candidate => candidate.Threads));
        Assert.Equal(candidates.Count, candidates.Distinct().Count());
    }

    [Fact]
    public void The_cheapest_of_those_that_are_nearly_as_fast_as_the_fastest_is_taken()
    {
        ThreadChoice slow = new(1, false, 4, 4),
            fastest = new(2, true, 2, 4.2),
            cheaper = new(2, false, 2.2, 3.5);
        Assert.Equal(cheaper, ThreadCalibration.Choose([slow, fastest, cheaper], null));
        Assert.Equal(fastest, ThreadCalibration.Choose([slow, fastest, cheaper with { Milliseconds = 2.5 }], null));
    }

    [Fact]
    public void The_default_model_is_measured_each_way_that_is_a_candidate()
    {
        var model = new ModelCatalogue(new ModelsOptions()).Default();
        var (tried, spinning) = ThreadCalibration.Try(model, new OnnxOptions(), processors: 2);
        Assert.Equal(ThreadCalibration.Candidates(2), tried.Select(choice => (choice.Threads, choice.Spin)));
        Assert.All(tried.Append(spinning!), choice => Assert.True(choice is { Milliseconds: > 0, ProcessorMilliseconds: > 0 }));
        Assert.Null(ThreadCalibration.Try(model, new OnnxOptions(), processors: 1).Spinning);
    }

    [Theory]
    [InlineData("processor\t: 0\nmodel name\t: A: fast one\nflags\t: x\n", "A: fast one")]
    [InlineData("processor\t: 0\nCPU part\t: 0xd05\n", "0xd05")]
    [InlineData("", "")]
    public void A_processor_is_known_by_its_name_or_part(string cpuinfo, string name) =>
        Assert.Equal(name, ThreadSituation.ProcessorName(cpuinfo.Split('\n')));

    [Theory]
    [InlineData("/var/lib/facelandmark:/var/lib/other", "/states", "/home/me", "/var/lib/facelandmark")]
    [InlineData(null, "/states", "/home/me", "/states/facelandmark")]
    [InlineData("", "relative", "/home/me", "/home/me/.local/state/facelandmark")]
    [InlineData(null, null, "", null)]
    [InlineData(null, null, null, null)]
    public void The_state_folder_is_systemds_or_the_users(string? systemd, string? xdg, string? home, string? folder) =>
        Assert.Equal(
            folder,
            StateFolder.Path(name =>
                name switch
                {
                    "STATE_DIRECTORY" => systemd,
                    "XDG_STATE_HOME" => xdg,
                    "HOME" => home,
                    _ => null,
                }
            )
        );

    [Fact]
    public void One_other_program_that_keeps_one_of_two_processors_busy_is_enough_to_choose_nothing()
    {
        ThreadChoice alone = new(1, false, 4.1, 4.2),
            soonAsleep = new(2, true, 4.4, 4.5);
        Assert.Null(ThreadCalibration.Choose([alone, soonAsleep], new(2, true, 4.6, 5)));
        Assert.Equal(alone, ThreadCalibration.Choose([alone, soonAsleep], new(2, true, 4.6, 8.9)));
    }

    [Fact]
    public void Times_that_others_have_disturbed_choose_nothing()
    {
        var two = new ThreadChoice(2, false, 131, 14.9);
        Assert.Null(ThreadCalibration.Choose([new ThreadChoice(1, false, 129, 14.2), two], null));
        Assert.NotNull(ThreadCalibration.Choose([new ThreadChoice(1, false, 14.9, 14.2), two with { Milliseconds = 8 }], null));
    }
}
