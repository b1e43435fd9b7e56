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
            outbox.Remove(outbox.Next()!);
            Assert.Equal(1, Number(outbox.Next()!)); // taken, not removed
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
        Assert.Equal(25, _metrics.Snapshot().Drops[DropPlace.Outbox][DropReason.QueueFull]);
    }

    [Fact]
    public async Task Topic_and_content_type_are_kept_and_the_link_is_woken()
    {
        await using var outbox = Open();
        var stored = new TaskCompletionSource();
        outbox.Stored = stored.SetResult;
        outbox.Add(new MqttMessage("a/b", "payload"u8.ToArray(), MessageClass.Event) { ContentType = "x/y" });
        await stored.Task.InTimeAsync();
        var entry = outbox.Next()!;
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
            Assert.Throws<OutboxException>(() => Open()).Message
        );
    }

    [Theory]
    [Trait("Category", "reliability")]
    [InlineData("text")]
    [InlineData("cut")]
    [InlineData("foreign")]
    public async Task A_file_that_is_no_outbox_is_set_aside_under_a_name_and_a_new_one_is_begun(string damage)
    {
        await using (var outbox = Open())
            Add(outbox, 0, 500);
        var bytes = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);
        System.IO.File.Delete(File);
        if (damage == "foreign")
            Sql("CREATE TABLE outbox (number INTEGER)");
        else
            await System.IO.File.WriteAllBytesAsync(
                File,
                damage == "cut" ? bytes[..(bytes.Length / 2)] : new byte[5000],
                TestContext.Current.CancellationToken
            );

        await using var again = Open();
        Add(again, 1000, 3);
        await again.CompleteAsync();
        Assert.Equal([1000, 1001, 1002], Drain(again).TakeLast(3));
        Assert.Matches(
            $"^The outbox {File} was damaged .* keeps it as {File}\\.damaged-\\d{{8}}T\\d{{6}} and begins a new one",
            _log.Collector.GetSnapshot().Single(line => line.Id.Id == 717).Message
        );
        Assert.Single(
            Directory.GetFiles(Path.GetDirectoryName(File)!, "*.damaged-*"),
            name => !name.EndsWith("-wal", StringComparison.Ordinal)
        );
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task Damage_that_shows_while_it_runs_is_set_aside_too()
    {
        await using (var outbox = Open(10_000))
            for (var i = 0; i < 500; i++)
                outbox.Add(new MqttMessage("t", new byte[3000], MessageClass.Event));
        using (var file = new FileStream(File, FileMode.Open))
        {
            file.Position = 40 * 4096;
            file.Write(new byte[20 * 4096]);
        }

        await using var again = Open(10_000);
        _ = Drain(again); // meets the damage
        Add(again, 9000, 3);
        await again.CompleteAsync();
        Assert.Equal([9000, 9001, 9002], Drain(again));
        Assert.Contains(_log.Collector.GetSnapshot(), line => line.Id.Id == 717);
    }

    [Fact]
    public async Task What_was_taken_comes_again_in_order_after_the_connection_is_lost()
    {
        await using var outbox = Open();
        Add(outbox, 0, 100);
        await outbox.CompleteAsync();
        var taken = Enumerable.Range(0, 40).Select(_ => outbox.Next()!).ToList();
        foreach (var entry in taken.Where(entry => Number(entry) is < 10 or 12))
            outbox.Remove(entry);
        outbox.Rewind();
        Assert.Equal([10, 11, .. Enumerable.Range(13, 87)], Drain(outbox));
    }

    [Fact]
    public async Task Only_its_owner_may_read_it()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, "", TestContext.Current.CancellationToken);
        System.IO.File.SetUnixFileMode(File, (UnixFileMode)0x1A4); // 0644
        for (var run = 0; run < 2; run++)
        {
            await using var outbox = Open();
            Add(outbox, 0, 1);
            await outbox.CompleteAsync();
            foreach (var name in Directory.GetFiles(Path.GetDirectoryName(File)!))
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(name));
            if (run == 0)
                Directory.Delete(Path.GetDirectoryName(File)!, recursive: true);
        }
    }

    private void Sql(string text)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private static List<int> Drain(Outbox outbox)
    {
        var all = new List<int>();
        while (outbox.Next() is { } entry)
        {
            all.Add(Number(entry));
            outbox.Remove(entry);
        }

        return all;
    }

    private static void Add(Outbox outbox, int first, int count)
    {
        for (var i = first; i < first + count; i++)
            outbox.Add(new MqttMessage("t", BitConverter.GetBytes(i), MessageClass.Event) { ContentType = "x/y" });
    }

    private static int Number(OutboxEntry entry) => BitConverter.ToInt32(entry.Payload);

    private Outbox Open(int atMost = 1000) =>
        new(new OutboxOptions { File = File, MaxMessages = atMost }, _metrics, TimeProvider.System, _log);
}
