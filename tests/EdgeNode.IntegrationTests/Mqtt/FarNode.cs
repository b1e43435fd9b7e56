using System.Diagnostics;
using FaceLandmark.Mqtt;
using LongRoad = FaceLandmark.Benchmarks.LongRoad;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>A node of eight cameras behind a way to the broker.</summary>
internal sealed class FarNode : IAsyncDisposable
{
    private const int Cameras = 8;
    private static readonly string[] s_cameras = [.. Enumerable.Range(0, Cameras).Select(camera => $"cam{camera}")];
    private static readonly byte[] s_landmarks = new byte[3800];
    private static readonly byte[] s_picture = new byte[20_000];
    private readonly LongRoad _proxy;

    private FarNode(LongRoad proxy, LinkBench bench) => (_proxy, Bench) = (proxy, bench);

    public LinkBench Bench { get; }

    public string Base => Bench.Topics.Base + "/";

    public int Landmarks { get; private set; }

    public int Events { get; private set; }

    public static async Task<FarNode> StartAsync(int broker, TimeSpan roundTrip, string node)
    {
        var proxy = new LongRoad("127.0.0.1", broker, roundTrip / 2);
        var topics = new MqttTopics("facelandmark", node, s_cameras);
        var far = new FarNode(proxy, new LinkBench(new MqttOptions { Port = proxy.Port }, topics: topics));
        far.Bench.Link.SetState(topics.Info, new byte[4000]);
        foreach (var camera in s_cameras)
            far.Change(camera, 0);
        far.Bench.Link.Start();
        await far.Bench.WaitOnlineAsync();
        return far;
    }

    /// <summary>What eight cameras send at 30 frames a second.</summary>
    public async Task FlowAsync(TimeSpan duration)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1 / 30.0));
        var watch = Stopwatch.StartNew();
        for (var frame = 1; watch.Elapsed < duration && await beat.WaitForNextTickAsync(); frame++)
        {
            foreach (var camera in s_cameras)
            {
                var topics = Bench.Topics.Camera(camera);
                Assert.True(Bench.Send(topics.Landmarks, s_landmarks, kind: MessageClass.Landmarks));
                Landmarks++;
                if (frame % 6 == 0)
                    Bench.Send(topics.Preview, s_picture, kind: MessageClass.Preview);
                if (frame % 15 == 0)
                    Change(camera, frame);
                if (frame % 15 != 7)
                    continue;
                Assert.True(
                    Bench.Link.Deliver(new MqttMessage(topics.Events, BitConverter.GetBytes((frame + 8) / 15), MessageClass.Event))
                );
                Events++;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Bench.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    private void Change(string camera, int frame)
    {
        Bench.Link.SetState(Bench.Topics.Camera(camera).State, new byte[300]);
        Bench.Link.SetState(Bench.Topics.Camera(camera).Summary, BitConverter.GetBytes(frame));
    }
}
