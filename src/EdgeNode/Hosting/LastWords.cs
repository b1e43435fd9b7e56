using System.Globalization;
using System.Text.Json;
using FaceLandmark.Configuration;
using FaceLandmark.Platform;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Hosting;

/// <summary>
/// What a node leaves behind when it ends by a fault, in the folder <c>Diagnostics:LastWords</c>: a <see cref="SupportBundle"/>, which the
/// next start tells of on the log. Where runs end so one after the other, the next one waits before it begins. A disk that refuses costs
/// the last words and nothing else.
/// </summary>
internal sealed class LastWords
{
    private const string Record = "run.json";
    private const int FilesAtMost = 10;
    private const int CrashesAtMost = 20;
    private const int CrashesWithoutWait = 3;
    private const long RecordBytesAtMost = 64 * 1024;
    private static readonly TimeSpan s_crashesWithin = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(5);

    // A supervisor gives a start a minute and a half.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);

    private readonly string _folder;
    private readonly EdgeNodeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RecentLog _log;
    private readonly RunRecord? _before;
    private RunRecord _record;

    private LastWords(string folder, EdgeNodeOptions options, RecentLog log, TimeProvider time, ILogger logger)
    {
        (_folder, _options, _log, _time, _logger) = (folder, options, log, time, logger);
        _before = Read();
        var now = time.GetUtcNow();
        List<DateTimeOffset> crashes = [.. _before?.Crashes ?? []];
        if (_before is { EndedAt: null })
            crashes.Add(now);
        // A clock that was set back makes crashes of the future, which count like those of now.
        crashes.RemoveAll(crash => now - crash > s_crashesWithin);
        _record = new RunRecord(now, null, null, null, [.. crashes.TakeLast(CrashesAtMost)]);
    }

    /// <summary>How long a start waits after so many crashes within ten minutes.</summary>
    internal static TimeSpan Wait(int crashes)
    {
        if (crashes < CrashesWithoutWait)
            return TimeSpan.Zero;
        var wait = s_firstWait * Math.Pow(2, Math.Min(10, crashes - CrashesWithoutWait));
        return wait < s_longestWait ? wait : s_longestWait;
    }

    /// <summary>Begins to keep them; null where the options name no folder.</summary>
    /// <param name="options">The folder, and the settings that the bundle shows.</param>
    /// <param name="loggers">Gets a listener for the last lines.</param>
    /// <param name="time">The clock.</param>
    public static LastWords? Of(EdgeNodeOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        if (options.Diagnostics.LastWords.Length == 0)
            return null;
        var log = new RecentLog(time);
        loggers.AddProvider(log);
        return new LastWords(options.Diagnostics.LastWords, options, log, time, loggers.CreateLogger<LastWords>());
    }

    /// <summary>Tells how the run before ended, notes that this one begins, and waits where runs crash one after the other.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (_before is { EndedAt: null })
            _logger.EndedWithoutWord(_before.StartedAt);
        else if (_before is { Fault: { } fault, EndedAt: { } at })
            _logger.EndedByFault(at, fault, Path.Combine(_folder, _before.File ?? ""));
        Write();
        var crashes = _record.Crashes.Count;
        var wait = Wait(crashes);
        if (wait == TimeSpan.Zero)
            return;
        _logger.WaitsAfterCrashes(crashes, s_crashesWithin.TotalMinutes, wait.TotalSeconds);
        await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Notes how the run ended; after a fault keeps what is known.</summary>
    /// <param name="fault">What it ended by; null: cleanly.</param>
    /// <param name="node">The node, if there was one: its figures.</param>
    public void End(string? fault, NodeContext? node)
    {
        var now = _time.GetUtcNow();
        _record = _record with { EndedAt = now, Fault = fault };
        if (fault is not null)
        {
            var name = now.UtcDateTime.ToString("'last-words-'yyyyMMdd'T'HHmmssfff'Z.zip'", CultureInfo.InvariantCulture);
            _record = _record with { File = name, Crashes = [.. _record.Crashes, now] };
            var bundle = new SupportBundle(_options, now);
            bundle.Add("fault.txt", fault);
            bundle.Add("log.txt", string.Join('\n', _log.Lines));
            if (node is not null)
                bundle.Add(node);
            Try(() =>
            {
                bundle.Write(Path.Combine(_folder, name));
                foreach (var old in Files(_folder).SkipLast(FilesAtMost))
                    File.Delete(old);
            });
        }

        Write();
    }

    /// <summary>The files of last words in a folder, the oldest first.</summary>
    internal static IReadOnlyList<string> Files(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "last-words-*.zip").Order(StringComparer.Ordinal)] : [];

    private RunRecord? Read()
    {
        var path = Path.Combine(_folder, Record);
        try
        {
            if (!File.Exists(path))
                return null;
            using var text = new MemoryStream(RegularFile.ReadAll(path, RecordBytesAtMost));
            return JsonSerializer.Deserialize(text, RunRecordJson.Default.RunRecord);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // a record that cannot be read is replaced
        }
    }

    private void Write() =>
        Try(() =>
        {
            Directory.CreateDirectory(_folder);
            var path = Path.Combine(_folder, Record);
            WholeFile.Write(path, part => File.WriteAllText(part, JsonSerializer.Serialize(_record, RunRecordJson.Default.RunRecord)));
        });

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            _logger.NoLastWords(_folder, reason.Message);
        }
    }
}
