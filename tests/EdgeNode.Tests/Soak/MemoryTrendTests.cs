using FaceLandmark.Diagnostics;
using FaceLandmark.Soak;

namespace FaceLandmark.Tests.Soak;

/// <summary>Whether memory grows: what a soak says of shapes that memory takes.</summary>
public sealed class MemoryTrendTests
{
    private const double Megabyte = 1024;
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Resident memory of minutes 25 to 60 of a soak of an hour (seed 21), kilobytes, a look a minute. Until then it had risen to there.
    /// </summary>
    private static readonly double[] s_recorded =
    [
        336584, 367592, 331120, 337400, 336004, 330944, 337248, 337940, 342272, 328300, 330444, 321072,
        328168, 323112, 311316, 309916, 314076, 346220, 352344, 356604, 357756, 322228, 320300, 317856,
        322196, 331524, 335928, 400092, 425512, 425720, 361272, 366684, 367696, 315776, 327496,
    ];

    [Fact]
    public void A_plateau_after_a_ramp_is_no_growth()
    {
        var recorded = Over(TimeSpan.FromHours(1), at => at < 25 ? 190 * Megabyte + (at / 25 * 146 * Megabyte) : s_recorded[(int)at - 25]);
        Assert.True(recorded.Judgement is MemoryJudgement.Steady or MemoryJudgement.Unknown, $"{recorded}");

        var longer = Over(TimeSpan.FromHours(2), at => (Math.Min(at, 40) * 4 * Megabyte) + (200 * Megabyte) + Noise(at));
        Assert.Equal(MemoryJudgement.Steady, longer.Judgement);
        Assert.Equal(8192, longer.LimitKbPerHour);
    }

    [Fact]
    public void A_slow_leak_is_found_in_two_hours_and_a_slower_one_in_a_day()
    {
        var leak = Over(TimeSpan.FromHours(2), at => (300 * Megabyte) + (10 * Megabyte * at / 60) + Tooth(at, 3, 60) + Noise(at));
        Assert.Equal(MemoryJudgement.Grows, leak.Judgement);
        Assert.InRange(leak.SlopeKbPerHour, 8 * Megabyte, 16 * Megabyte);
        Assert.InRange(10 * Megabyte, leak.SlopeKbPerHourAtLeast, leak.SlopeKbPerHourAtMost);

        var slower = Over(TimeSpan.FromHours(24), at => (300 * Megabyte) + (1 * Megabyte * at / 60) + Tooth(at, 3, 60) + Noise(at));
        Assert.Equal(MemoryJudgement.Grows, slower.Judgement);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_saw_is_no_growth(double period)
    {
        var saw = Over(TimeSpan.FromHours(2), at => (300 * Megabyte) + Tooth(at, period, 80) + Noise(at));
        Assert.Equal(MemoryJudgement.Steady, saw.Judgement);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(13)]
    [InlineData(25)]
    public void Teeth_that_are_longer_than_a_piece_are_not_taken_for_growth(double period)
    {
        var saw = Over(TimeSpan.FromHours(2), at => (300 * Megabyte) + Tooth(at, period, 80) + Noise(at));
        Assert.NotEqual(MemoryJudgement.Grows, saw.Judgement);
    }

    [Fact]
    public void Wild_floors_are_not_judged_by_what_they_cannot_tell()
    {
        var random = new SeededNumbers(3);
        var (piece, level) = (-1, 0.0);
        var wild = Over(TimeSpan.FromHours(2), at => (300 * Megabyte) + Piece(at, random));
        Assert.Equal(MemoryJudgement.Unknown, wild.Judgement);

        double Piece(double at, SeededNumbers numbers)
        {
            if ((int)(at / 5) != piece)
                (piece, level) = ((int)(at / 5), numbers.Between(0, 100 * Megabyte));
            return level;
        }
    }

    [Fact]
    public void A_run_that_is_short_or_ended_early_is_not_judged()
    {
        Assert.Equal(MemoryJudgement.NotJudged, Over(TimeSpan.FromMinutes(1), at => at * 100 * Megabyte).Judgement);
        Assert.Equal(MemoryJudgement.NotJudged, Over(TimeSpan.FromMinutes(59), at => at * 100 * Megabyte).Judgement);
        Assert.Equal(MemoryJudgement.NotJudged, Over(TimeSpan.FromHours(2), at => at * 100 * Megabyte, until: 0.9).Judgement);
    }

    [Fact]
    public void The_range_is_that_of_a_worked_example()
    {
        // Twelve floors, ten minutes apart in a run of four hours: 1 to 12 MB in this order. Sen's method: 24 of the 66
        // slopes make the range, the 21st smallest to the 21st largest (reckoned apart from this code).
        double[] megabytes = [1, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 12];
        var trend = MemoryTrend.Of([.. Enumerable.Repeat(5000.0, 12), .. megabytes.Select(floor => floor * 1000)], TimeSpan.FromHours(4));
        Assert.Equal((6000, 5000, 6000), (trend.SlopeKbPerHour, trend.SlopeKbPerHourAtLeast, trend.SlopeKbPerHourAtMost));
        Assert.Equal(4096, trend.LimitKbPerHour);
        Assert.Equal(MemoryJudgement.Grows, trend.Judgement);
    }

    [Fact]
    public void Own_memory_is_part_of_what_is_resident()
    {
        var held = GC.AllocateUninitializedArray<byte>(64 << 20, pinned: true);
        var before = ProcessUsage.OwnBytes();
        Array.Fill<byte>(held, 1);
        var after = ProcessUsage.OwnBytes();
        GC.KeepAlive(held);
        Assert.True(before > 1 << 20);
        Assert.InRange(after, 1, ProcessUsage.ResidentBytes + (256L << 20)); // swapped out counts as well
    }

    private static MemoryTrend Over(TimeSpan duration, Func<double, double> kilobytesAtMinute, double until = 1)
    {
        var floors = new MemoryFloors(duration);
        for (var at = TimeSpan.Zero; at < duration * until; at += duration > TimeSpan.FromHours(5) ? 10 * s_lookEvery : s_lookEvery)
            floors.Note(at, kilobytesAtMinute(at.TotalMinutes));
        return MemoryTrend.Of(floors.Kilobytes, duration);
    }

    /// <summary>Garbage that piles up over so many minutes and is taken away.</summary>
    private static double Tooth(double at, double minutes, double megabytes) => at % minutes / minutes * megabytes * Megabyte;

    /// <summary>What comes and goes: floors are up to 4 MB apart by it.</summary>
    private static double Noise(double at) =>
        new SeededNumbers((int)(at / 5)).Between(0, 4 * Megabyte) + new SeededNumbers((int)(at * 60)).Between(0, 20 * Megabyte);
}
