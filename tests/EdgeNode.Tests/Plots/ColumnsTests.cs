using FaceLandmark.Plots;

namespace FaceLandmark.Tests.Plots;

public sealed class ColumnsTests
{
    [Fact]
    public void A_peak_of_one_frame_in_a_day_stays()
    {
        const int frames = 2_592_000; // 30 a second
        var columns = new MinMaxColumns(86_400, 1000);
        for (var i = 0; i < frames; i++)
            columns.Add(i / 30.0, i == 1_234_567 ? 1 : 0.2);
        var line = Assert.Single(columns.Lines(longestStep: 1));
        Assert.Equal(1000, line.Count);
        var peak = Assert.Single(line, column => column.Largest == 1);
        Assert.Equal(1_234_567 / 30.0, peak.X, columns.Width);
        Assert.Equal(0.2f, peak.Least);
    }

    [Fact]
    public void A_line_ends_where_nothing_came_and_values_further_apart_than_columns_are_joined()
    {
        var columns = new MinMaxColumns(100, 1000);
        foreach (var at in (double[])[0, 0.5, 1, 1.5, 60, 60.5, 99])
            columns.Add(at, 1);
        columns.Add(30, double.NaN);
        Assert.Equal([4, 2, 1], columns.Lines(longestStep: 1).Select(line => line.Count));
    }

    [Fact]
    public void Sums_of_columns_are_what_was_added()
    {
        var columns = new MinMaxColumns(10, 10);
        foreach (var (at, value) in ((double, double)[])[(0.1, 2), (0.2, 3), (5.5, 0), (9.99, 1), (11, 1)])
            columns.Add(at, value);
        Assert.Equal([(0.5, 5), (9.5, 2)], columns.Sums());
    }

    [Theory]
    [InlineData(19.9, "0:00 0:05 0:10 0:15")]
    [InlineData(0.8, "0 s 0.1 s 0.2 s 0.3 s 0.4 s 0.5 s 0.6 s 0.7 s 0.8 s")]
    [InlineData(3 * 3600, "0:00 30:00 1:00:00 1:30:00 2:00:00 2:30:00 3:00:00")]
    [InlineData(0, "0 s")]
    public void Times_of_a_film_have_round_marks(double seconds, string marks) =>
        Assert.Equal(marks, string.Join(' ', TimeTicks.Of(null, seconds, 8).Select(tick => tick.Text)));

    [Fact]
    public void Times_of_a_recording_have_marks_at_round_times_of_day()
    {
        var start = new DateTimeOffset(2026, 5, 4, 23, 52, 17, TimeSpan.Zero);
        var ticks = TimeTicks.Of(start, 1800, 8);
        Assert.Equal(["23:55", "00:00", "00:05", "00:10", "00:15", "00:20"], ticks.Select(tick => tick.Text));
        Assert.Equal(163, ticks[0].At, 0.001);
        Assert.Equal(["05-05", "05-15", "05-25", "06-04"], TimeTicks.Of(start, 40 * 86_400.0, 4).Select(tick => tick.Text));
    }

    [Fact]
    public void An_axis_says_what_its_times_are()
    {
        var start = new DateTimeOffset(2026, 5, 4, 23, 52, 17, TimeSpan.Zero);
        Assert.Equal("2026-05-04 UTC", TimeTicks.Meaning(start, 60, null));
        Assert.Equal("2026-05-04 to 2026-05-05 UTC", TimeTicks.Meaning(start, 600, null));
        Assert.Equal("time in the film", TimeTicks.Meaning(null, 600, null));
        Assert.Equal("time in the film, which began 2026-05-04 23:52:17 UTC", TimeTicks.Meaning(null, 600, start));
    }

    [Theory]
    [InlineData(3.44, "3.4 s")]
    [InlineData(59.96, "1:00")]
    [InlineData(3723.4, "1:02:03.4")]
    public void Lengths_are_written_for_people(double seconds, string text) => Assert.Equal(text, TimeTicks.Length(seconds));
}
