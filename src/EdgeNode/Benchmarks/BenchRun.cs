using System.Diagnostics;
using System.Globalization;
using FaceLandmark.Configuration;
using FaceLandmark.Inference.DrpAi;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// A benchmark: what is measured, in which order, and what came of it. What is to be compared takes turns, so that what else the machine
/// does meets all of it. This process is broker and subscriber; nodes and engines run in another.
/// </summary>
internal sealed class BenchRun : IAsyncDisposable
{
    private const double CameraFps = 30;
    private const double Faster = 1.5; // of what the engine manages
    private const double SecondEngineMs = 5;
    private const int LivePause = 10;
    private static readonly TimeSpan s_eachWay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_startWithin = TimeSpan.FromMinutes(2);

    private readonly EdgeNodeOptions _options;
    private readonly BenchSettings _settings;
    private readonly BenchPlan _plan;
    private readonly Subscriber _subscriber;
    private readonly TrialProcess _process;
    private readonly BenchMachine _machine = BenchMachine.Here();
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-bench-").FullName;
    private readonly List<NodeFigures> _nodes = [];
    private readonly List<BareFigures> _bare = [];
    private readonly List<PeerFigures> _peers = [];
    private readonly List<double> _starts = [];
    private readonly List<double> _doctors = [];
    private readonly Dictionary<string, string> _missing = [];
    private IReadOnlyDictionary<string, double> _steps = new Dictionary<string, double>();
    private IReadOnlyList<PreprocessFigures> _preprocess = [];
    private IReadOnlyList<MemoryAt> _soak = [];
    private IReadOnlyList<double> _region = [];

    private BenchRun(EdgeNodeOptions options, BenchSettings settings, Subscriber subscriber)
    {
        (_options, _settings, _plan, _subscriber) = (options, settings, settings.Plan, subscriber);
        _process = new TrialProcess(settings.Program);
    }

    private string Film => Path.Combine(_folder, "film.yuy2");

    private string Model => Path.Combine(_folder, "model.onnx");

    /// <summary>Gets ready: a broker, a subscriber, a measuring process.</summary>
    /// <exception cref="BenchException">The broker cannot be reached.</exception>
    public static async Task<BenchRun> StartAsync(EdgeNodeOptions options, BenchSettings settings, CancellationToken cancellationToken) =>
        new(options, settings, await Subscriber.StartAsync(options, cancellationToken));

    /// <summary>All that is to be done, in its order.</summary>
    public IReadOnlyList<BenchStep> Steps() =>
        [
            new("making the film", MakeFilmAsync),
            new("warming up", stop => NodeAsync("", Ask() with { Frames = _plan.WarmUp }, stop)),
            .. Enumerable.Range(0, _plan.Rounds).SelectMany(_ => Round()),
            .. Enumerable.Range(0, _plan.SideRounds).SelectMany(_ => SideRound()),
            .. Models(),
            new("the steps, one by one", TakeStepsAsync),
            new("pre-processing", PreprocessAsync),
            .. Enumerable.Range(0, _plan.Starts).SelectMany(_ => Starts()),
            .. new[] { _plan.Cameras[0], _plan.Cameras[^1] }.Select(count => new BenchStep(
                RunNames.Memory(count),
                stop => FreshAsync(count, stop)
            )),
            new(RunNames.Soak, SoakAsync),
        ];

    /// <summary>What came of it.</summary>
    public BenchReport Report() =>
        new()
        {
            Plan = _plan.Name,
            Machine = _machine,
            Broker = _subscriber.IsEmbedded ? "embedded" : $"{_subscriber.Host}:{_subscriber.Port}",
            Nodes = _nodes,
            Bare = _bare,
            Steps = _steps,
            Preprocess = _preprocess,
            Starts = _starts,
            Doctors = _doctors,
            Soak = _soak,
            Peers = _peers,
            Missing = _missing,
        };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _subscriber.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private TrialRequest Ask(TrialKind kind = TrialKind.Node) =>
        new()
        {
            Kind = kind,
            Film = Film,
            Host = _subscriber.Host,
            Port = _subscriber.Port,
            Node = _subscriber.Node,
            Warm = _plan.Warm,
            Frames = _plan.Frames,
            Calls = _plan.Calls,
        };

    private TrialRequest AskCameras(int count) => Ask() with { Cameras = count, Warm = _plan.Warm + (10 * count) };

    private IEnumerable<BenchStep> Round()
    {
        yield return Bare(RunNames.BareOneThread, Ask(TrialKind.Bare) with { Threads = 1 });
        yield return Node(RunNames.OneThread, Ask() with { Threads = 1 });
        yield return Bare(RunNames.Bare, Ask(TrialKind.Bare));
        yield return Node(RunNames.OneFace, Ask());
        yield return Node(RunNames.Previews, Ask() with { Previews = true });
        yield return Node(RunNames.ThreeFaces, Ask() with { Faces = FilmFile.Faces });
        yield return Node(RunNames.ThreeFacesPreviews, Ask() with { Faces = FilmFile.Faces, Previews = true });
        yield return Node(RunNames.Float32, Ask() with { EightBit = false });
        if (EightBitName() is { } name)
            yield return Node(RunNames.Int8, Ask() with { Model = name });
        yield return Node(RunNames.OneAtATime, Ask() with { AtOnce = 1 });
        foreach (var count in _plan.Cameras.Where(count => count > 1))
            yield return Node(RunNames.Cameras(count), AskCameras(count));
        yield return Node(RunNames.Live, Ask() with { Fps = CameraFps, Warm = LivePause, Frames = _plan.LiveFrames });
        yield return new BenchStep(
            RunNames.Fast,
            stop => NodeAsync(RunNames.Fast, Ask() with { Fps = Faster * _nodes.Last(run => run.Name == RunNames.OneAtATime).Fps }, stop)
        );
        if (_settings.Peer is { } script)
            yield return new BenchStep("the script", stop => PeerAsync(script, stop));
    }

    private IEnumerable<BenchStep> SideRound()
    {
        var whole = Ask() with
        {
            Threads = 1,
            FullFrame = true,
            Wait = _options.Engines.DrpAi.FindDevice() == DrpAiDevice.Hardware ? 0 : SecondEngineMs,
        };
        yield return Optional(RunNames.OneEngine, whole with { Mode = DispatchMode.Cpu });
        yield return Optional(RunNames.OtherEngine, whole with { Mode = DispatchMode.Drpai });
        yield return Optional(RunNames.BothEngines, whole with { Mode = DispatchMode.Balance });
        yield return Road(RunNames.Near, TimeSpan.Zero);
        yield return Road(RunNames.Far, s_eachWay);
    }

    private IEnumerable<BenchStep> Models() =>
        from card in Catalogue().List()
        from threads in new int?[] { 1, null }
        let name = RunNames.Model(card.Name, threads ?? 0)
        select new BenchStep(
            name,
            stop =>
                TryAsync(
                    name,
                    () => BareAsync(name, Ask(TrialKind.Bare) with { Model = card.Name, EightBit = false, Threads = threads }, stop)
                )
        );

    private IEnumerable<BenchStep> Starts()
    {
        yield return new BenchStep("start to first landmarks", StartAsync);
        yield return new BenchStep("doctor", DoctorAsync);
    }

    private ModelCatalogue Catalogue() => new(_options.Models with { EightBit = false });

    /// <summary>The 8-bit version of the default model; null: it has none.</summary>
    private string? EightBitName()
    {
        try
        {
            return Catalogue().Default().Quantized;
        }
        catch (ModelException reason)
        {
            _missing[RunNames.Int8] = reason.Message;
            return null;
        }
    }

    private BenchStep Bare(string name, TrialRequest request) => new(name, stop => BareAsync(name, request, stop));

    private BenchStep Node(string name, TrialRequest request) => new(name, stop => NodeAsync(name, request, stop));

    private BenchStep Optional(string name, TrialRequest request) =>
        new(name, stop => TryAsync(name, () => NodeAsync(name, request, stop)));

    private BenchStep Road(string name, TimeSpan delay) =>
        new(
            name,
            stop =>
                TryAsync(
                    name,
                    async () =>
                    {
                        await using var road = new LongRoad(_subscriber.Host, _subscriber.Port, delay);
                        await NodeAsync(name, AskCameras(_plan.Cameras[^1]) with { Host = "127.0.0.1", Port = road.Port }, stop);
                    }
                )
        );

    // The report says what one machine cannot do, and the rest is measured all the same.
    private async Task TryAsync(string name, Func<Task> measure)
    {
        try
        {
            await measure();
        }
        catch (BenchException reason)
        {
            _missing[name] = reason.Message;
        }
    }

    private async Task MakeFilmAsync(CancellationToken stop)
    {
        var answer = await _process.AskAsync(Ask(TrialKind.Film), _ => { }, TimeSpan.Zero, stop);
        _region = answer.Region;
        if (_settings.Peer is not null)
            await _process.AskAsync(Ask(TrialKind.PeerModel) with { Film = Model }, _ => { }, TimeSpan.Zero, stop);
    }

    private async Task BareAsync(string name, TrialRequest request, CancellationToken stop)
    {
        var answer = await _process.AskAsync(request, _ => { }, TimeSpan.Zero, stop);
        _bare.Add(new BareFigures(name, answer.Model, answer.Count / answer.Seconds, answer.Cost.ProcessorMs / answer.Count));
    }

    private async Task NodeAsync(string name, TrialRequest request, CancellationToken stop)
    {
        var (figures, _) = await NodeAsync(name, request, _process, stop);
        if (name.Length > 0)
            _nodes.Add(figures);
    }

    private async Task<(NodeFigures Figures, TrialAnswer Answer)> NodeAsync(
        string name,
        TrialRequest request,
        TrialProcess process,
        CancellationToken stop
    )
    {
        var (before, after) = (default(ProcessCost), default(ProcessCost));
        _subscriber.Expect();
        var answer = await process.AskAsync(
            request,
            mark => (before, after) = mark == FilmClock.Begin ? (ProcessCost.Now(), after) : (before, ProcessCost.Now()),
            TimeSpan.FromSeconds(name == RunNames.Soak ? _plan.Soak : 0),
            stop
        );
        var arrivals = await _subscriber.CollectAsync();
        return (NodeFigures.Of(name, request, answer, arrivals, (after - before).ProcessorMs), answer);
    }

    private async Task FreshAsync(int cameras, CancellationToken stop)
    {
        await using var fresh = new TrialProcess(_settings.Program);
        var (figures, _) = await NodeAsync(RunNames.Memory(cameras), AskCameras(cameras), fresh, stop);
        _nodes.Add(figures);
    }

    private async Task SoakAsync(CancellationToken stop)
    {
        var frames = (int)
            Math.Max(_plan.Frames, _plan.Soak * Spread.MedianOf(_nodes.Where(run => run.Name == RunNames.OneFace).Select(run => run.Fps)));
        // A fresh process: in one that has run other nodes, the system's allocator has long kept what they freed.
        await using var fresh = new TrialProcess(_settings.Program);
        var (figures, answer) = await NodeAsync(RunNames.Soak, Ask() with { Warm = 2 * _plan.Warm, Frames = frames }, fresh, stop);
        _nodes.Add(figures);
        _soak = answer.Resident;
    }

    private async Task TakeStepsAsync(CancellationToken stop)
    {
        _subscriber.Expect();
        _steps = (await _process.AskAsync(Ask(TrialKind.Steps) with { Threads = 1 }, _ => { }, TimeSpan.Zero, stop)).Steps;
    }

    private async Task PreprocessAsync(CancellationToken stop) =>
        _preprocess = (
            await _process.AskAsync(Ask(TrialKind.Preprocess) with { Calls = _plan.PreprocessTurns }, _ => { }, TimeSpan.Zero, stop)
        ).Preprocess;

    private async Task StartAsync(CancellationToken stop)
    {
        _subscriber.Expect();
        var began = Stopwatch.GetTimestamp();
        using var program = _settings.Program.Start(["run", "--source", "demo", "--frames", "1", .. Where()]);
        var output = Drain(program);
        var first = await Task.WhenAny(_subscriber.First, program.WaitForExitAsync(stop), Task.Delay(s_startWithin, stop));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await EndAsync(program, stop);
        await output;
        if (first != _subscriber.First && !_subscriber.First.IsCompleted)
            throw new BenchException("The program gave no landmarks of the demo: run ./run.sh, which says why.");
        _starts.Add(seconds);
        await _subscriber.CollectAsync();
    }

    private async Task DoctorAsync(CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        using var program = _settings.Program.Start(["doctor", .. Where()]);
        var output = Drain(program);
        await EndAsync(program, stop);
        _doctors.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        await output;
    }

    private static async Task EndAsync(Process program, CancellationToken stop)
    {
        try
        {
            await program.WaitForExitAsync(stop).WaitAsync(s_startWithin, stop);
        }
        catch (TimeoutException)
        {
            program.Kill(entireProcessTree: true);
            throw new BenchException("The program does not come to its end: run ./run.sh --frames 1, which says why.");
        }
    }

    // A pipe that nobody empties would hold the program.
    private static Task<string[]> Drain(Process program) =>
        Task.WhenAll(program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());

    private string[] Where() =>
        [
            $"--Mqtt:Host={_subscriber.Host}",
            string.Create(CultureInfo.InvariantCulture, $"--Mqtt:Port={_subscriber.Port}"),
            $"--Node:Name={_subscriber.Node}",
            "--Web:Port=0",
        ];

    private async Task PeerAsync(string script, CancellationToken stop)
    {
        var peer = new PeerProgram(script, Film, Model, _region);
        _peers.Add(await peer.RunAsync(_subscriber, _options.Mqtt.BaseTopic, _plan, stop));
    }
}
