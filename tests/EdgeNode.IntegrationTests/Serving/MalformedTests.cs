using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;

namespace FaceLandmark.Tests.Serving;

/// <summary>Ten thousand requests that are none, over both protocols: each is refused, and the server is as before.</summary>
[Collection(Alone.Name)]
public sealed class MalformedTests
{
    private const int Each = 5000;

    [Fact]
    public async Task Ten_thousand_malformed_requests_leave_nothing_behind()
    {
        await using var server = await TestServer.StartAsync();
        await SendAsync(server, 200); // what the first ones cost belongs to no leak
        var before = Memory();
        await SendAsync(server, Each);
        var grown = Memory() - before;
        Assert.True(grown < 4 << 20, $"{2 * Each} malformed requests left {grown >> 10} KiB.");
        Assert.Equal("7", (await server.InferAsync(Requests.Good())).Id);
    }

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task SendAsync(TestServer server, int each)
    {
        var random = new Random(7);
        using var raw = new HttpClient
        {
            BaseAddress = new Uri(server.GrpcUrl),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        for (var i = 0; i < each; i += 50)
        {
            var batch = Enumerable.Range(0, 50).Select(_ => Noise(random)).ToList();
            await Task.WhenAll(batch.Select(noise => PostAsync(server, noise)).Concat(batch.Select(noise => CallAsync(server, raw, noise))))
                .InTimeAsync();
        }
    }

    private static byte[] Noise(Random random)
    {
        var noise = new byte[random.Next(1, 4096)];
        random.NextBytes(noise);
        return noise;
    }

    private static async Task PostAsync(TestServer server, byte[] noise)
    {
        using var answer = await server.Http.PostAsync(
            "v2/models/stub/infer",
            new ByteArrayContent(noise),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    // Half of them are messages that gRPC can read, with a picture that is none; the others are no messages.
    private static async Task CallAsync(TestServer server, HttpClient raw, byte[] noise)
    {
        if (noise[0] % 2 == 0)
        {
            var request = Requests.Good(good => good.RawInputContents[0] = ByteString.CopyFrom(noise));
            var refusal = await Assert.ThrowsAsync<RpcException>(async () => await server.InferAsync(request));
            Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
            return;
        }

        using var content = new ByteArrayContent(noise);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var message = new HttpRequestMessage(HttpMethod.Post, "/inference.GRPCInferenceService/ModelInfer")
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        message.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        using var answer = await raw.SendAsync(message, TestContext.Current.CancellationToken);
        await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var status = answer.Headers.Concat(answer.TrailingHeaders).FirstOrDefault(header => header.Key == "grpc-status").Value?.Single();
        Assert.False(status is null or "0", $"grpc-status is {status}");
    }
}
