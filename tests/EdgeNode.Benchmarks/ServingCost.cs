using System.Diagnostics;
using System.Globalization;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Faces;
using FaceLandmark.Inference;
using FaceLandmark.Inference.Remote;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;
using FaceLandmark.Preprocess;
using FaceLandmark.Serving;
using FaceLandmark.Tests.Programs;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// What servers add, and what the wire takes: faces a second with 1, 2 and 4 servers whose network takes a fixed time, and for each
/// encoding the bytes of a face and the time from its pixels to its points. Everything on this machine, over loopback.
/// </summary>
internal static class ServingCost
{
    private const int Turns = 64;
    private const int FacesPerServer = 40;
    private const int Rounds = 5;
    private static readonly TimeSpan s_cost = TimeSpan.FromMilliseconds(50);

    public static async Task<int> RunAsync()
    {
        var options = new ConfigurationSources().Load();
        var card = new ModelCatalogue(options.Models).Default();
        await MeasureServersAsync(card with { SelfTest = null });
        await MeasureWireAsync(card, options);
        return 0;
    }

    // Each number of servers in turn, several times, and the best round of each: the one that other work of the machine disturbed least.
    private static async Task MeasureServersAsync(ModelCard card)
    {
        Console.WriteLine(
            $"servers whose network takes {s_cost.TotalMilliseconds} ms a face, two requests under way for each, best of {Rounds} rounds"
        );
        int[] counts = [1, 2, 4];
        var best = counts.ToDictionary(count => count, _ => 0.0);
        var faults = 0;
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var count in counts)
            {
                var (rate, failed) = await MeasureServersAsync(card, count);
                best[count] = Math.Max(best[count], rate);
                faults += failed;
            }
        }

        foreach (var count in counts)
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{count} server(s): {best[count]:f1} faces a second, {best[count] / (best[1] * count):f2} of linear, "
                        + $"{best[count] * s_cost.TotalSeconds / count:f2} of what is possible"
                )
            );
        Console.WriteLine($"{faults} faults");
    }

    private static async Task<(double Rate, int Faults)> MeasureServersAsync(ModelCard card, int count)
    {
        await using var servers = new Servers();
        for (var i = 0; i < count; i++)
            await servers.AddAsync(Network(card, s_cost));
        using var engine = servers.Open(card, RemoteEncoding.Jpeg, 2 * count);
        using var network = new LandmarkNetwork(engine.Preprocessor, engine);
        // A pre-processor has one caller at a time.
        var faces = Enumerable.Range(0, 2 * count).Select(_ => new Face(network)).ToList();
        faces.ForEach(face => face.Prepare());
        await Task.WhenAll(faces.Select(face => face.InferAsync()));
        var faults = 0;
        var left = FacesPerServer * count;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(faces.Select(AskAsync));
        var rate = FacesPerServer * count / Stopwatch.GetElapsedTime(began).TotalSeconds;
        faces.ForEach(face => face.Dispose());
        return (rate, faults);

        async Task AskAsync(Face face)
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                try
                {
                    await face.InferAsync();
                }
                catch (EngineException)
                {
                    Interlocked.Increment(ref faults);
                }
            }
        }
    }

    private static async Task MeasureWireAsync(ModelCard card, EdgeNodeOptions options)
    {
        await using var servers = new Servers();
        using var here = EngineFactory.OpenNetwork(card, options.Engines);
        await servers.AddAsync(EngineFactory.OpenNetwork(card, options.Engines));
        await using var free = new Servers();
        await free.AddAsync(Network(card with { SelfTest = null }, TimeSpan.Zero));
        List<(string Name, LandmarkNetwork Network)> ways = [("here", here)];
        foreach (var encoding in Enum.GetValues<RemoteEncoding>())
        {
            var (there, wire) = (servers.Open(card, encoding, 1), free.Open(card with { SelfTest = null }, encoding, 1));
            ways.Add(($"{encoding}", new LandmarkNetwork(there.Preprocessor, there)));
            ways.Add(($"{encoding}, no inference", new LandmarkNetwork(wire.Preprocessor, wire)));
        }

        var times = ways.Select(_ => new List<double>()).ToList();
        var bytes = new int[ways.Count];
        for (var turn = -2; turn < Turns; turn++) // two to warm up
        {
            for (var i = 0; i < ways.Count; i++)
            {
                using var face = new Face(ways[i].Network);
                var began = Stopwatch.GetTimestamp();
                face.Prepare();
                await face.InferAsync();
                if (turn >= 0)
                    times[i].Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                bytes[i] = face.Bytes;
            }
        }

        var local = times[0].Min(); // the turn that other work of the machine disturbed least
        for (var i = 0; i < ways.Count; i++)
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ways[i].Name,-22}{bytes[i],8} bytes {times[i].Min(),8:f2} ms {times[i].Min() / local,6:f2} of here"
                )
            );
        ways.Skip(1).ToList().ForEach(way => way.Network.Dispose());
    }

    private static LandmarkNetwork Network(ModelCard card, TimeSpan cost)
    {
        var network = new FixedCost(card, cost);
        return new LandmarkNetwork(network, network);
    }

    /// <summary>A face of a demo photograph, from its pixels to its points.</summary>
    private sealed class Face : IDisposable
    {
        private readonly LandmarkNetwork _network;
        private readonly FaceTensor _tensor;
        private readonly FramePool _pool = new();
        private readonly Frame _frame;

        public Face(LandmarkNetwork network)
        {
            (_network, _tensor) = (network, network.Rent());
            var path = Path.Combine(AppContext.BaseDirectory, "assets", "demo", "sample1.jpg");
            _frame = PictureFile.Decode(File.ReadAllBytes(path), path, _pool, new PicturesOptions());
        }

        public int Bytes => (_tensor.Binding as RemotePayload)?.Content.Length ?? 0;

        public void Prepare() => _network.Prepare(_frame, new Region(0, 0, _frame.Width, _frame.Height), _tensor);

        public Task InferAsync() => _network.RunAsync(_tensor);

        public void Dispose()
        {
            _network.Return(_tensor);
            _frame.Dispose();
            _pool.Dispose();
        }
    }

    /// <summary>Servers of this process.</summary>
    private sealed class Servers : IAsyncDisposable
    {
        private readonly List<(ServedModels Models, InferenceServer Server, int Port)> _all = [];

        public async Task AddAsync(LandmarkNetwork network)
        {
            var options = new ServeOptions { HttpPort = 0, GrpcPort = Ports.Free() };
            var models = new ServedModels(options, new PicturesOptions());
            models.Add(network);
            var server = await InferenceServer.StartAsync(
                options,
                models,
                TimeSpan.FromSeconds(10),
                TimeProvider.System,
                NullLoggerFactory.Instance
            );
            _all.Add((models, server, options.GrpcPort));
        }

        public RemoteEngine Open(ModelCard card, RemoteEncoding encoding, int inFlight) =>
            new(
                card,
                new RemoteOptions
                {
                    Url = string.Join(',', _all.Select(server => $"http://127.0.0.1:{server.Port}")),
                    Encoding = encoding,
                    InFlight = inFlight,
                    Deadline = TimeSpan.FromMinutes(1),
                },
                TimeProvider.System,
                NullLogger.Instance
            );

        public async ValueTask DisposeAsync()
        {
            foreach (var (models, server, _) in _all)
            {
                await server.DisposeAsync();
                models.Dispose();
            }
        }
    }
}
