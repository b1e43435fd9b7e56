using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Publish;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>The outbox on a disk that is full: a small one of its own, which only root can make.</summary>
[Trait("Category", "mqtt")]
public sealed class FullDiskTests : IAsyncLifetime
{
    private const int Payload = 2000;
    private readonly string _folder = Directory.CreateTempSubdirectory("disk-").FullName;
    private readonly NodeMetrics _metrics = Samples.Metrics(TimeProvider.System);
    private readonly LogProbe<Outbox> _log = new();
    private SmallDisk? _disk;

    private string Filler => Path.Combine(_folder, "filler");

    private OutboxOptions Options => new() { File = Path.Combine(_folder, "o.db") };

    public async ValueTask InitializeAsync() => _disk = await SmallDisk.MountAsync(_folder, kilobytes: 400);

    public async ValueTask DisposeAsync()
    {
        if (_disk is not null)
            await _disk.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [Trait("Category", "reliability")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_are_sent_all_the_same_and_the_disk_is_used_again_when_it_has_room(bool isFullAtTheStart)
    {
        Assert.SkipWhen(_disk is null, "Only root can make a small disk.");
        if (isFullAtTheStart)
            Fill();
        await using var broker = await ChosenBroker.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(broker.Port, "e");
        await using (var outbox = new Outbox(Options, _metrics, TimeProvider.System, _log))
        await using (var bench = new LinkBench(new MqttOptions { Port = broker.Port }, outbox: outbox, metrics: _metrics))
        {
            bench.Link.Start();
            await bench.WaitOnlineAsync();
            Fill();
            Deliver(bench, 0, 400); // twice the disk
            var all = await subscriber.UntilAsync(message => BitConverter.ToInt32(message.Payload) == 399);
            Assert.Equal(Enumerable.Range(0, 400), all.Select(message => BitConverter.ToInt32(message.Payload)).Distinct());
            Assert.Contains($"cannot be written", outbox.Trouble!, StringComparison.Ordinal);
            Assert.Contains(_log.All, line => line.Text.Contains("cannot be written", StringComparison.Ordinal));

            File.Delete(Filler);
            string line;
            do line = await _log.NextAsync(Microsoft.Extensions.Logging.LogLevel.Information);
            while (!line.Contains("can be written again", StringComparison.Ordinal));
            Assert.Null(outbox.Trouble);
            Deliver(bench, 400, 1);
            await subscriber.UntilAsync(message => BitConverter.ToInt32(message.Payload) == 400);
            await bench.Link.StopAsync(Patience.Limit);
            Assert.Equal(0, bench.Drops(DropPlace.Outbox, DropReason.DiskFault));
        }

        await using var again = new Outbox(Options, _metrics, TimeProvider.System, _log);
        Assert.Equal(0, again.Count); // nothing comes a second time
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task Without_a_broker_as_many_wait_in_memory_as_fit_and_the_rest_is_counted()
    {
        Assert.SkipWhen(_disk is null, "Only root can make a small disk.");
        await using var outbox = new Outbox(Options, _metrics, TimeProvider.System, _log);
        Fill();
        for (var i = 0; i < 3000; i++)
        {
            outbox.Add(new MqttMessage("e", new byte[Payload], MessageClass.Event));
            if (i % 500 == 0)
                SpinWait.SpinUntil(() => outbox.Count + Dropped() >= i - 100, Patience.Limit);
        }

        await outbox.CompleteAsync();
        Assert.True(outbox.Count >= 1024, $"{outbox.Count} wait");
        Assert.Equal(3000, outbox.Count + Dropped());
    }

    private long Dropped() => _metrics.Snapshot().Drops.GetValueOrDefault(DropPlace.Outbox)?.Values.Sum() ?? 0;

    private static void Deliver(LinkBench bench, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            var payload = new byte[Payload];
            BitConverter.TryWriteBytes(payload, i);
            bench.Link.Deliver(new MqttMessage("e", payload, MessageClass.Event));
        }
    }

    private void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                filler.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
