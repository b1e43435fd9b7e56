using System.Text.Json;
using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;
using FaceLandmark.IntegrationTests.Mqtt;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Publish;
using OpenCvSharp;

namespace FaceLandmark.Tests.Publish;

/// <summary>What the publishers make, as a subscriber of a real broker gets it.</summary>
[Trait("Category", "mqtt")]
public sealed class PublishersTests
{
    // MQTT 3.1.1 has no content types.
    private static string? Json => ChosenBroker.SpeaksMqtt5 ? "application/json" : null;

    [Fact]
    public async Task Landmarks_arrive_one_message_a_frame_in_order()
    {
        await using var broker = await ChosenBroker.StartAsync();
        await using var bench = await LinkBench.OnlineAsync(broker.Port);
        await using var subscriber = await Subscriber.StartAsync(broker.Port, "+/+/cameras/cam0/landmarks");
        using var publisher = new LandmarksPublisher(bench.Link, bench.Topics, bench.Options, TimeProvider.System);
        var work = Samples.Work();
        for (work.Sequence = 1; work.Sequence <= 50; work.Sequence++)
            publisher.Publish(work);
        for (var sequence = 1; sequence <= 50; sequence++)
        {
            var message = await subscriber.NextAsync();
            Assert.Equal((Json, false), (message.ContentType, message.Retained));
            using var json = JsonDocument.Parse(message.Payload);
            Assert.Equal(sequence, json.RootElement.GetProperty("seq").GetInt64());
            Assert.Equal(98, json.RootElement.GetProperty("faces")[0].GetProperty("points").GetArrayLength());
        }
    }

    [Fact]
    public async Task Camera_states_and_stats_arrive()
    {
        await using var broker = await ChosenBroker.StartAsync();
        await using var bench = await LinkBench.OnlineAsync(broker.Port);
        await using var subscriber = await Subscriber.StartAsync(broker.Port);
        new CameraStatePublisher(bench.Link, bench.Topics, Samples.Identity).Publish(
            new CameraStatus("cam0", CameraCondition.Stalled, "No frame.", Samples.CapturedAt, null)
        );
        var state = (await subscriber.UntilAsync(message => message.Topic == bench.Topics.Camera("cam0").State))[^1];
        Assert.Contains("\"state\":\"stalled\",\"cause\":\"No frame.\"", state.Text, StringComparison.Ordinal);
        Assert.Equal(Json, state.ContentType);

        var every = new DiagnosticsOptions { StatsEvery = TimeSpan.FromSeconds(0.1) };
        await using var stats = new StatsPublisher(bench.Link, bench.Topics, Samples.Identity, every, bench.Metrics, TimeProvider.System);
        var figures = (await subscriber.UntilAsync(message => message.Topic == bench.Topics.Stats))[^1];
        Assert.StartsWith("{\"schema\":\"facelandmark/stats/1\"", figures.Text, StringComparison.Ordinal);
        Assert.False(figures.Retained);
    }

    [Theory]
    [InlineData(PixelLayout.Bgr)]
    [InlineData(PixelLayout.Yuy2)]
    internal async Task A_preview_is_a_jpeg_of_the_asked_size_with_the_face_drawn_in(PixelLayout layout)
    {
        await using var broker = await ChosenBroker.StartAsync();
        var (message, picture) = await PreviewAsync(
            broker.Port,
            new PreviewOptions
            {
                Enabled = true,
                MaxSize = 320,
                Overlay = true,
            },
            layout
        );
        using (picture)
        {
            (string?, string?) described = ChosenBroker.SpeaksMqtt5 ? ("image/jpeg", "42") : (null, null);
            Assert.Equal(described, (message.ContentType, message.Properties.GetValueOrDefault("seq")));
            Assert.Equal((320, 240), (picture.Width, picture.Height));

            // Grey where nothing is drawn; the pupil of the left eye is bright turquoise.
            Assert.InRange(picture.At<Vec3b>(230, 10).Item1, 110, 140);
            var pupil = picture.At<Vec3b>(107, 137);
            Assert.True(pupil.Item0 > 200 && pupil.Item2 < 120, $"{pupil.Item0} {pupil.Item1} {pupil.Item2}");
        }
    }

    [Fact]
    public async Task Without_overlay_nothing_is_drawn()
    {
        await using var broker = await ChosenBroker.StartAsync();
        var (_, picture) = await PreviewAsync(broker.Port, new PreviewOptions { Enabled = true }, PixelLayout.Bgr);
        using (picture)
        {
            Cv2.MeanStdDev(picture, out _, out var deviation);
            Assert.Equal((640, 480), (picture.Width, picture.Height));
            Assert.InRange(deviation.Val0 + deviation.Val1 + deviation.Val2, 0, 1);
        }
    }

    [Fact]
    public async Task A_preview_is_made_smaller_until_the_broker_takes_it()
    {
        ChosenBroker.Needs(BrokerAbility.AnnouncedLimits);
        await using var broker = await ChosenBroker.StartAsync(0, new BrokerRules(LargestMessage: 20000));
        var (message, picture) = await PreviewAsync(
            broker.Port,
            new PreviewOptions { Enabled = true, Quality = 95 },
            PixelLayout.Bgr,
            Noise
        );
        using (picture)
        {
            Assert.InRange(message.Payload.Length, 1000, 20000);
            Assert.InRange(picture.Width, 32, 639);
        }
    }

    [Fact]
    public async Task A_preview_that_no_size_makes_small_enough_is_counted()
    {
        ChosenBroker.Needs(BrokerAbility.AnnouncedLimits);
        await using var broker = await ChosenBroker.StartAsync(0, new BrokerRules(LargestMessage: 200));
        await using var bench = await LinkBench.OnlineAsync(broker.Port);
        Publish(bench, new PreviewOptions { Enabled = true }, PixelLayout.Bgr, Noise);
        Assert.Equal(1, bench.Drops(DropPlace.Preview, DropReason.TooLarge));
        Assert.Equal(LinkState.Online, bench.Link.State);
    }

    private static void Noise(Frame frame) => new Random(1).NextBytes(frame.Data);

    private static async Task<(Subscriber.Received Message, Mat Picture)> PreviewAsync(
        int port,
        PreviewOptions options,
        PixelLayout layout,
        Action<Frame>? paint = null
    )
    {
        await using var bench = await LinkBench.OnlineAsync(port);
        await using var subscriber = await Subscriber.StartAsync(port, bench.Topics.Camera("cam0").Preview);
        Publish(bench, options, layout, paint);
        var message = await subscriber.NextAsync();
        return (message, Cv2.ImDecode(message.Payload, ImreadModes.Color));
    }

    private static void Publish(LinkBench bench, PreviewOptions options, PixelLayout layout, Action<Frame>? paint)
    {
        using var previews = new PreviewPublisher(bench.Link, bench.Topics, options, bench.Metrics, TimeProvider.System);
        using var pool = new FramePool();
        using var frame = Samples.Frame(pool, layout);
        paint?.Invoke(frame);
        FrameWork work = Samples.Work();
        work.Frame = frame;
        Assert.True(previews.TakeTurn(work));
        Assert.False(previews.TakeTurn(work));
        previews.Publish(work);
    }
}
