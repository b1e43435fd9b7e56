using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using FaceLandmark.IntegrationTests.Mqtt;

namespace FaceLandmark.Tests.Web;

/// <summary>Viewers that take nothing.</summary>
[Collection(Alone.Name)]
public sealed class SlowViewerTests(SlowViewerTests.FilmNode node) : IClassFixture<SlowViewerTests.FilmNode>
{
    private const int Viewers = 8;
    private const int Frames = 150;
    private const long GrowthAtMost = 80_000_000;

    [Fact]
    public async Task A_viewer_that_stops_reading_slows_nobody_and_fills_no_memory()
    {
        await using var others = await Subscriber.StartAsync(node.BrokerPort, "facelandmark/page/#");
        await others.PublishAsync("facelandmark/page/request/preview", """{"rate":30,"quality":100}""");
        await others.UntilAsync(message => message.Topic.EndsWith("/response/preview", StringComparison.Ordinal));
        var before = MemoryOf((await others.UntilAsync(IsStats))[^1]);
        var stuck = new List<ClientWebSocket>();
        for (var i = 0; i < Viewers; i++)
            stuck.Add(await StopReadingAsync($"slow{i}"));

        // The frames of a film wait for their turn, so that each has its result, and none is missing at somebody who reads.
        await using var results = await Subscriber.StartAsync(node.BrokerPort, "facelandmark/page/cameras/cam0/landmarks");
        var first = SequenceOf(await results.NextAsync());
        for (var i = 1; i < Frames; i++)
            Assert.Equal(first + i, SequenceOf(await results.NextAsync()));

        var stats = (await others.UntilAsync(IsStats))[^1];
        Assert.InRange(MemoryOf(stats) - before, long.MinValue, GrowthAtMost);
        Assert.Null(JsonNode.Parse(stats.Payload)!["drops"]!["publish"]);
        foreach (var socket in stuck)
            socket.Dispose();
    }

    /// <summary>The node.</summary>
    public sealed class FilmNode : PageNode
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("film-");

        private string Film => Path.Combine(_folder.FullName, "film.avi");

        /// <inheritdoc/>
        protected override string[] Arguments => [.. base.Arguments, $"--Cameras:0:Source={Film}", "--Cameras:0:Loop=true"];

        /// <inheritdoc/>
        public override ValueTask InitializeAsync()
        {
            PhotographClip.Write(Film, 40);
            return base.InitializeAsync();
        }

        /// <inheritdoc/>
        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            _folder.Delete(recursive: true);
        }
    }

    private static long SequenceOf(Subscriber.Received result) => (long)JsonNode.Parse(result.Payload)!["seq"]!;

    private static bool IsStats(Subscriber.Received message) => message.Topic.EndsWith("/stats", StringComparison.Ordinal);

    private static long MemoryOf(Subscriber.Received stats) => (long)JsonNode.Parse(stats.Payload)!["memoryBytes"]!;

    // MQTT 3.1.1 by hand: connects, subscribes to everything, and never reads an answer.
    private async Task<ClientWebSocket> StopReadingAsync(string name)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        socket.Options.SetRequestHeader("Origin", node.Address.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(new UriBuilder(node.Address) { Scheme = "ws", Path = "mqtt" }.Uri, TestContext.Current.CancellationToken);
        byte[] connect =
        [
            0x10,
            (byte)(12 + name.Length),
            0,
            4,
            .. "MQTT"u8,
            4,
            2,
            0,
            0,
            0,
            (byte)name.Length,
            .. Encoding.ASCII.GetBytes(name),
        ];
        await socket.SendAsync(connect, WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);
        await socket.SendAsync(
            new byte[] { 0x82, 6, 0, 1, 0, 1, (byte)'#', 0 },
            WebSocketMessageType.Binary,
            true,
            TestContext.Current.CancellationToken
        );
        return socket;
    }
}
