using System.Diagnostics;
using System.Globalization;
using FaceLandmark.Inference.Remote;
using FaceLandmark.Preprocess;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Tests.Serving;

/// <summary>Servers add up.</summary>
[Collection(Alone.Name)]
public sealed class ScalingTests
{
    private const int FacesPerServer = 20;
    private const int RoundsAtMost = 20;
    private static readonly TimeSpan s_cost = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// With a network that takes the same time for every face and computes nothing, as many servers get nine tenths of what they can do at
    /// most. Other work of the machine spoils a round, which is then repeated; servers that waited for each other would spoil all of them.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Throughput_is_in_proportion_to_the_number_of_servers(int count)
    {
        var servers = new List<TestServer>();
        for (var i = 0; i < count; i++)
            servers.Add(
                await TestServer.StartAsync(tensor =>
                {
                    Thread.Sleep(s_cost);
                    tensor.Output.Fill(0.5f);
                })
            );
        var options = new RemoteOptions
        {
            Url = string.Join(',', servers.Select(server => server.GrpcUrl)),
            InFlight = 2 * count,
            Deadline = Patience.Limit,
        };
        var best = 0.0;
        var rounds = 0;
        using (var engine = new RemoteEngine(StubNetwork.Card("stub"), options, TimeProvider.System, NullLogger.Instance))
        {
            for (; rounds < RoundsAtMost && best < 0.9; rounds++)
                best = Math.Max(best, await RunAsync(engine, count));
        }

        foreach (var server in servers)
            await server.DisposeAsync();
        var found = string.Create(CultureInfo.InvariantCulture, $"{count} server(s): {best:f2} of what is possible, in {rounds} round(s)");
        TestContext.Current.TestOutputHelper?.WriteLine(found);
        Assert.True(best >= 0.9, found);
    }

    // How much of what so many servers can do was done.
    private static async Task<double> RunAsync(RemoteEngine engine, int count)
    {
        var left = FacesPerServer * count;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 2 * count).Select(_ => AskAsync())).InTimeAsync();
        return FacesPerServer * s_cost / Stopwatch.GetElapsedTime(began);

        async Task AskAsync()
        {
            using var tensor = new FaceTensor(32, 98);
            while (Interlocked.Decrement(ref left) >= 0)
                await engine.RunAsync(tensor);
        }
    }
}
