using System.Text;
using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Publish;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Testing;

namespace FaceLandmark.Tests.Mqtt;

public sealed class OutboxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outbox-").FullName;
    private readonly NodeMetrics _metrics = Samples.Metrics(TimeProvider.System);
    private readonly FakeLogger<Outbox> _log = new();

    private string File => Path.Combine(_folder, "sub", "o.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Messages_come_back_in_order_from_the_next_run()
    {
        await using (var outbox = Open())
        {
            Add(outbox, 0, 100);
        }

        await using var again = Open();
        Assert.Equal(100, again.Count);
        Assert.Contains("100 messages wait", _log.LatestRecord.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 100), Drain(again));
        Assert.Equal(0, again.Count);
    }

    [Fact]
    public async Task A_message_stays_until_it_is_removed()
    {
        await using (var outbox = Open())
        {
            Add(outbox, 0, 3);
            await outbox.CompleteAsync();
            outbox.Remove(outbox.Peek()!);
            Assert.Equal(1, Number(outbox.Peek()!)); // seen, not removed
        }

        await using var again = Open();
        Assert.Equal([1, 2], Drain(again));
    }

    [Fact]
    public async Task The_oldest_is_dropped_and_counted_beyond_the_bound()
    {
        await using var outbox = Open(10);
        Add(outbox, 0, 35);
        await outbox.CompleteAsync();
        Assert.Equal(Enumerable.Range(25, 10), Drain(outbox));
        Assert.Equal(25, _metrics.Snapshot().Drops[DropReason.Outbox][DropReason.QueueFull]);
    }

    [Fact]
    public async Task Topic_and_content_type_are_kept_and_the_link_is_woken()
    {
        await using var outbox = Open();
        var stored = new TaskCompletionSource();
        outbox.Stored = stored.SetResult;
        outbox.Add("a/b", "payload"u8, "x/y");
        await stored.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        var entry = outbox.Peek()!;
        Assert.Equal(("a/b", "x/y", "payload"), (entry.Topic, entry.ContentType, Encoding.UTF8.GetString(entry.Payload)));
    }

    [Fact]
    public async Task A_second_node_with_the_same_file_is_refused_by_name()
    {
        await using var first = Open();
        Add(first, 0, 1);
        await first.CompleteAsync();
        Assert.Equal(
            $"The outbox '{File}' is in use by another node: give every node an Outbox:File of its own.",
            Assert.Throws<OutboxException>(() => Open()).Message);
    }

    [Fact]
    public void A_file_that_is_no_outbox_is_named()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, new string('x', 5000));
        var failure = Assert.Throws<OutboxException>(() => Open());
        Assert.StartsWith($"The outbox '{File}' can't be used (", failure.Message, StringComparison.Ordinal);
        Assert.IsType<SqliteException>(failure.InnerException);
    }

    private static List<int> Drain(Outbox outbox)
    {
        var all = new List<int>();
        while (outbox.Peek() is { } entry)
        {
            all.Add(Number(entry));
            outbox.Remove(entry);
        }

        return all;
    }

    private static void Add(Outbox outbox, int first, int count)
    {
        for (var i = first; i < first + count; i++)
            outbox.Add("t", BitConverter.GetBytes(i), "x/y");
    }

    private static int Number(OutboxEntry entry) => BitConverter.ToInt32(entry.Payload);

    private Outbox Open(int atMost = 1000) => new(new OutboxOptions { File = File, MaxMessages = atMost }, _metrics, TimeProvider.System, _log);
}
