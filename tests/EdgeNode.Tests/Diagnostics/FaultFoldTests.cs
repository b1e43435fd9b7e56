using FaceLandmark.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Diagnostics;

public sealed class FaultFoldTests
{
    [Fact]
    public void A_flood_is_reported_once_a_second_with_its_count()
    {
        var time = new FakeTimeProvider();
        var fold = new FaultFold(time);
        Assert.True(fold.ShouldReport(out var count));
        Assert.Equal(1, count);
        for (var i = 0; i < 9; i++)
            Assert.False(fold.ShouldReport(out _));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(fold.ShouldReport(out count));
        Assert.Equal(10, count);
        Assert.Equal(11, fold.InARow);
        fold.Clear();
        Assert.Equal(0, fold.InARow);
    }
}
