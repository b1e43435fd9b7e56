using System.IO.Compression;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Diagnostics;
using FaceLandmark.Hosting;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;
using FaceLandmark.Tests.Publish;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Hosting;

/// <summary>What a run leaves behind, and what the next one makes of it.</summary>
[Trait("Category", "reliability")]
public sealed class LastWordsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("words-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));
    private readonly FakeLogCollector _log = new();

    private string Folder => Path.Combine(_root, "made", "words");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_fault_leaves_its_last_words_which_the_next_start_tells_of()
    {
        using (var loggers = Loggers())
        {
            var words = LastWords.Of(Options(), loggers, _time)!;
            await words.BeginAsync(TestContext.Current.CancellationToken);
            loggers.CreateLogger("Pump").Log(LogLevel.Error, 0, "the pump is dry", null, (text, _) => text);
            words.End("It burns.", Node(loggers));
        }

        var file = Assert.Single(LastWords.Files(Folder));
        if (OperatingSystem.IsLinux())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var texts = Texts(file);
        Assert.Equal(["about.txt", "fault.txt", "figures.json", "log.txt", "settings.json"], texts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("It burns.", texts["fault.txt"]);
        Assert.Contains("Error Pump[0] the pump is dry", texts["log.txt"], StringComparison.Ordinal);
        Assert.Contains("\"schema\":\"facelandmark/stats/1\"", texts["figures.json"], StringComparison.Ordinal);
        Assert.DoesNotContain("hush", string.Concat(texts.Values), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromSeconds(5));
        await StartAsync(fault: null);
        Assert.Equal(
            $"The run before this one ended by a fault at 2026-05-04T03:02:01.0000000+00:00: It burns. Its last words are in {file}",
            Assert.Single(_log.GetSnapshot(), line => line.Id.Id == 806).Message
        );
        await StartAsync(fault: null);
        Assert.Single(_log.GetSnapshot(), line => line.Id.Id == 806); // once
    }

    [Fact]
    public async Task Who_was_killed_is_told_of_too()
    {
        await LastWords.Of(Options(), Loggers(), _time)!.BeginAsync(TestContext.Current.CancellationToken);
        await StartAsync(fault: null);
        var told = Assert.Single(_log.GetSnapshot(), line => line.Id.Id == 807).Message;
        Assert.Contains("began at 2026-05-04T03:02:01", told, StringComparison.Ordinal);
        Assert.Empty(LastWords.Files(Folder));
    }

    [Fact]
    public async Task Who_crashes_again_and_again_waits_longer_and_longer()
    {
        for (var crash = 0; crash < 4; crash++)
        {
            await StartAsync("It burns.");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var waits = _log.GetSnapshot().Where(line => line.Id.Id == 808).Select(line => line.Message).ToList();
        Assert.Equal(
            ["3 runs ended by a fault or without a word within 10 minutes: this one waits 5 s before it begins"],
            waits
        );
        Assert.Equal(
            [0, 0, 0, 5, 10, 20, 40, 60, 60],
            Enumerable.Range(0, 9).Select(crashes => (int)LastWords.Wait(crashes).TotalSeconds)
        );

        _time.Advance(TimeSpan.FromMinutes(11));
        var begin = LastWords.Of(Options(), Loggers(), _time)!.BeginAsync(TestContext.Current.CancellationToken);
        Assert.True(begin.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task The_ten_latest_stay()
    {
        for (var crash = 0; crash < 12; crash++)
        {
            _time.Advance(TimeSpan.FromMinutes(11));
            await StartAsync("It burns.");
        }

        var files = LastWords.Files(Folder);
        Assert.Equal(10, files.Count);
        Assert.EndsWith("last-words-20260504T051401000Z.zip", files[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task A_record_that_cannot_be_read_is_written_anew(string text)
    {
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, "run.json"), text, TestContext.Current.CancellationToken);
        await StartAsync("It burns.");
        await StartAsync(fault: null);
        Assert.Single(_log.GetSnapshot(), line => line.Id.Id == 806);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_costs_a_warning_only()
    {
        await File.WriteAllTextAsync(Path.Combine(_root, "made"), "a file", TestContext.Current.CancellationToken);
        await StartAsync("It burns.");
        Assert.Contains(_log.GetSnapshot(), line => line.Id.Id == 809);
    }

    [Fact]
    public void Without_a_folder_nothing_is_kept() =>
        Assert.Null(LastWords.Of(new EdgeNodeOptions { Cameras = [new CameraOptions()] }, Loggers(), _time));

    private static Dictionary<string, string> Texts(string file)
    {
        using var zip = ZipFile.OpenRead(file);
        return zip.Entries.ToDictionary(
            entry => entry.FullName,
            entry =>
            {
                using var text = new StreamReader(entry.Open());
                return text.ReadToEnd();
            }
        );
    }

    private async Task StartAsync(string? fault)
    {
        using var loggers = Loggers();
        var words = LastWords.Of(Options(), loggers, _time)!;
        var begin = words.BeginAsync(TestContext.Current.CancellationToken);
        while (!begin.IsCompleted)
            _time.Advance(TimeSpan.FromSeconds(1));
        await begin;
        words.End(fault, null);
    }

    private EdgeNodeOptions Options() =>
        new()
        {
            Node = new NodeOptions { Name = "n1" },
            Cameras = [new CameraOptions { Source = "rtsp://me:hush@camera/stream" }],
            Mqtt = new MqttOptions { Password = "hush" },
            Diagnostics = new DiagnosticsOptions { LastWords = Folder },
        };

    private NodeContext Node(ILoggerFactory loggers) =>
        new(Options(), new RunLimits(), NodeIdentity.Of("n1", _time), Samples.Metrics(_time), loggers, _time);

    private ILoggerFactory Loggers() => LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(_log)));
}
