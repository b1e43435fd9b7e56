using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using FaceLandmark.Inference;
using FaceLandmark.Inference.Remote;
using FaceLandmark.Preprocess;
using Microsoft.Extensions.Logging.Testing;

namespace FaceLandmark.Tests.Serving;

/// <summary>
/// Three processes <c>serve</c> under load, asked by a node that knows all of them and by one that knows an nginx in front of them.
/// </summary>
[Collection(Alone.Name)]
public sealed partial class WorkersTests : IDisposable
{
    // Long for an answer that takes a millisecond, short for the test: it passes once, while a worker is frozen.
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(8);
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task No_face_is_lost_when_a_worker_freezes_dies_or_restarts()
    {
        var model = Path.Combine(_folder, "tiny.onnx");
        Worker.Save(model);
        await using var first = await Worker.StartAsync(model);
        await using var second = await Worker.StartAsync(model);
        await using var third = await Worker.StartAsync(model);
        Worker[] workers = [first, second, third];
        await using var nginx = await NginxProcess.StartAsync(workers, s_deadline);
        using var direct = new Load(string.Join(',', workers.Select(worker => worker.Url)), s_deadline);
        using var proxied = new Load(nginx.Url, Patience.Limit / 3); // of two tries of nginx, and no matter whose turn it is
        Task AnswersAsync() => Task.WhenAll(direct.AnswersAsync(60), proxied.AnswersAsync(60));

        await AnswersAsync();
        first.Freeze();
        await direct.SaysAsync($"is passed over: The inference server {first.Url} gave no answer within 8 s");
        await nginx.SaysAsync("upstream timed out");
        await AnswersAsync();
        first.Thaw();
        await direct.SaysAsync($"The inference server {first.Url} is back");
        await AnswersAsync();

        await second.KillAsync();
        await direct.SaysAsync($"The inference server {second.Url} is passed over");
        await AnswersAsync();
        await second.StartAsync();
        await direct.SaysAsync($"The inference server {second.Url} is back");
        await AnswersAsync();

        foreach (var worker in workers)
        {
            await worker.RestartAsync();
            await AnswersAsync();
        }

        Assert.Empty(await direct.EndAsync());
        var faults = await proxied.EndAsync();
        Assert.True(faults.Count == 0, string.Join('\n', faults.Append(nginx.Log)));
    }

    [Fact]
    public void The_shipped_nginx_gives_a_server_up_before_a_node_gives_nginx_up()
    {
        var configuration = Repository.Read("deploy/serving/nginx.conf");
        var milliseconds = Timeouts().Matches(configuration).Select(match => int.Parse(match.Groups[1].ValueSpan, null)).ToList();
        Assert.Equal(2, milliseconds.Count);
        Assert.Contains("grpc_next_upstream_tries 2;", configuration, StringComparison.Ordinal);
        Assert.InRange(2 * milliseconds.Sum(), 1, (int)new RemoteOptions().Deadline.TotalMilliseconds - 1);
    }

    [GeneratedRegex("grpc_(?:connect|read)_timeout ([0-9]+)ms;")]
    private static partial Regex Timeouts();

    /// <summary>Faces, one after the other from each of several askers, until it ends.</summary>
    private sealed class Load : IDisposable
    {
        private readonly FakeLogger _log = new();
        private readonly ConcurrentQueue<string> _faults = [];
        private readonly RemoteEngine _engine;
        private readonly Task _asking;
        private long _answers;
        private volatile bool _ends;

        public Load(string url, TimeSpan deadline)
        {
            const int Askers = 6;
            var options = new RemoteOptions
            {
                Url = url,
                Deadline = deadline,
                InFlight = Askers,
            };
            _engine = new RemoteEngine(StubNetwork.Card("tiny"), options, TimeProvider.System, _log);
            _asking = Task.WhenAll(Enumerable.Range(0, Askers).Select(_ => Task.Run(AskAsync)));
        }

        /// <summary>Waits for so many answers from now on.</summary>
        public Task AnswersAsync(int count)
        {
            var last = Interlocked.Read(ref _answers) + count;
            return Patience.UntilAsync(() => Interlocked.Read(ref _answers) >= last);
        }

        /// <summary>Waits until the engine has logged something.</summary>
        public Task SaysAsync(string words) =>
            Patience.UntilAsync(() => _log.Collector.GetSnapshot().Any(line => line.Message.Contains(words, StringComparison.Ordinal)));

        /// <summary>Waits for the last answers.</summary>
        /// <returns>What became of faces that have no right answer.</returns>
        public async Task<IReadOnlyCollection<string>> EndAsync()
        {
            _ends = true;
            await _asking.InTimeAsync("the last answers");
            return _faults;
        }

        public void Dispose()
        {
            _ends = true;
            _engine.Dispose();
        }

        private async Task AskAsync()
        {
            using var tensor = new FaceTensor(32, 98);
            while (!_ends)
            {
                tensor.Output.Clear();
                try
                {
                    await _engine.RunAsync(tensor);
                    if (!tensor.Output.SequenceEqual(Worker.Points.ToArray()))
                        _faults.Enqueue("An answer has other points.");
                }
                catch (EngineException reason)
                {
                    _faults.Enqueue(reason.Message);
                }

                Interlocked.Increment(ref _answers);
            }
        }
    }
}
