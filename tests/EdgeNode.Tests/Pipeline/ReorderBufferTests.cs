using FaceLandmark.Pipeline;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Pipeline;

public sealed class ReorderBufferTests
{
    [Fact]
    public void Any_order_of_arrival_comes_out_in_order_with_nothing_left()
    {
        var random = new Random(98);
        for (var round = 0; round < 100; round++)
        {
            var tickets = Enumerable.Range(1, 40).Select(ticket => (long)ticket).ToArray();
            random.Shuffle(tickets);
            var buffer = new ReorderBuffer<long>(TimeSpan.FromSeconds(1), new FakeTimeProvider());
            var ready = new List<long>();
            foreach (var ticket in tickets)
                buffer.Add(ticket, ticket, ready);
            Assert.Equal(tickets.Order(), ready);
            Assert.Equal(0, buffer.Waiting);
        }
    }

    [Fact]
    public void A_ticket_waits_for_the_one_before()
    {
        var buffer = new ReorderBuffer<string>(TimeSpan.FromSeconds(1), new FakeTimeProvider());
        var ready = new List<string>();
        buffer.Add(2, "second", ready);
        Assert.Empty(ready);
        buffer.Add(1, "first", ready);
        Assert.Equal(["first", "second"], ready);
    }

    [Fact]
    public void A_ticket_that_comes_twice_is_a_bug()
    {
        var buffer = new ReorderBuffer<string>(TimeSpan.FromSeconds(1), new FakeTimeProvider());
        buffer.Add(1, "first", []);
        Assert.Throws<InvalidOperationException>(() => buffer.Add(1, "again", []));
    }

    [Fact]
    public void An_item_waits_no_longer_than_the_window_and_what_was_passed_over_leaves_when_it_comes()
    {
        var time = new FakeTimeProvider();
        var buffer = new ReorderBuffer<long>(TimeSpan.FromSeconds(1), time);
        var ready = new List<long>();
        buffer.Add(3, 3, ready);
        time.Advance(TimeSpan.FromSeconds(1));
        buffer.Expire(ready);
        Assert.Empty(ready);
        time.Advance(TimeSpan.FromMilliseconds(1));
        buffer.Expire(ready);
        buffer.Add(2, 2, ready);
        buffer.Add(4, 4, ready);
        buffer.Add(1, 1, ready);
        Assert.Equal([3L, 2, 4, 1], ready);
        Assert.Throws<InvalidOperationException>(() => buffer.Add(2, 2, []));
    }
}
