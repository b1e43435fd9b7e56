using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Inference;
using FaceLandmark.Inference.Remote;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;
using FaceLandmark.Serving;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Tests.Serving;

/// <summary>The default model here and on a server: what comes of each way to send a face.</summary>
public sealed class EncodingTests
{
    [Fact]
    public async Task A_face_has_the_same_points_here_and_there()
    {
        var card = new ModelCatalogue(new ModelsOptions()).Find("deeppose-resnet18");
        var engines = new EnginesOptions();
        using var here = EngineFactory.OpenNetwork(card, engines);
        await using var server = await TestServer.StartAsync(new ServeOptions(), EngineFactory.OpenNetwork(card, engines));
        using var pool = new FramePool();
        using var frame = pool.Rent(300, 300, PixelLayout.Bgr);
        SelfTestPicture.Draw(frame);
        var region = new Region(-10, 5, 290, 290);
        var (points, presence) = Infer(here, frame, region);
        foreach (var (encoding, tolerance) in Tolerances())
        {
            var options = new RemoteOptions
            {
                Url = server.GrpcUrl,
                Encoding = encoding,
                Deadline = TimeSpan.FromMinutes(1),
            };
            var engine = new RemoteEngine(card, options, TimeProvider.System, NullLogger.Instance);
            using var network = new LandmarkNetwork(engine.Preprocessor, engine);
            if (encoding != RemoteEncoding.Jpeg)
                Assert.NotNull(SelfTestRun.Of(network).Difference);
            var (there, presenceThere) = Infer(network, frame, region);
            var difference = points.Zip(there).Max(pair => Math.Abs(pair.First - pair.Second));
            TestContext.Current.SendDiagnosticMessage($"{encoding}: {difference}");
            Assert.InRange(difference, 0, tolerance);
            Assert.InRange(Math.Abs(presence - presenceThere), 0, 100 * tolerance);
        }
    }

    // As fractions of the region: half precision, and what a JPEG loses.
    private static IEnumerable<(RemoteEncoding Encoding, float Tolerance)> Tolerances() =>
        [(RemoteEncoding.Fp32, 1e-5f), (RemoteEncoding.Fp16, 2e-3f), (RemoteEncoding.Raw8, 1e-5f), (RemoteEncoding.Jpeg, 0.02f)];

    private static (float[] Points, float Presence) Infer(LandmarkNetwork network, Frame frame, Region region)
    {
        var tensor = network.Rent();
        network.Prepare(frame, region, tensor);
        network.Run(tensor);
        var result = (tensor.Output.ToArray(), tensor.Presence);
        network.Return(tensor);
        return result;
    }
}
