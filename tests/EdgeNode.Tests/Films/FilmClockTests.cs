using FaceLandmark.Films;

namespace FaceLandmark.Tests.Films;

public sealed class FilmClockTests
{
    [Fact]
    public void Stated_times_stay_as_they_are()
    {
        var clock = new FilmClock(25);
        Assert.Equal([0.003, 0.036, 0.07, 0.237], Times(clock, 0.003, 0.036, 0.07, 0.237));
        Assert.Null(clock.Remark("a.mp4"));
    }

    [Fact]
    public void Where_the_times_go_back_the_film_goes_on_at_its_pace_and_it_is_said()
    {
        var clock = new FilmClock(10);
        Assert.Equal([0, 0.1, 0.2, 0.3, 0.4, 0.6], Times(clock, 0, 0.1, 0.2, 0, 0.1, 0.3));
        Assert.StartsWith("The time stamps of 'a.mp4' go back once, first at frame 4:", clock.Remark("a.mp4"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_film_that_begins_before_zero_begins_at_zero() => Assert.Equal([0, 0.1], Times(new FilmClock(10), -0.2, -0.1));

    [Fact]
    public void Frames_without_times_come_at_the_stated_rate() => Assert.Equal([0, 0.1, 0.2], Times(new FilmClock(10), null, null, null));

    private static IEnumerable<double> Times(FilmClock clock, params double?[] stated) =>
        [.. stated.Select(at => Math.Round(clock.Next(at is { } own ? TimeSpan.FromSeconds(own) : null).TotalSeconds, 6))];
}
