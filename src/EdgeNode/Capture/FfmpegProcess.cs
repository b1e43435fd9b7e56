using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FaceLandmark.Capture;

/// <summary>
/// The system's <c>ffmpeg</c>, which decodes an address or a file to YUV4MPEG2 on its standard output. A program of its own: every system
/// has it with the decoders and protocols that its owner wants, and what a damaged video does to it does not harm the node.
/// </summary>
internal sealed partial class FfmpegProcess : IDisposable
{
    private const int LinesKept = 12;
    private const int NotFound = 2;

    // Times in microseconds. The filter prints only frames with metadata, so each gets some; unbuffered, for the frame itself may fill its
    // pipe before a buffer of lines were full.
    private const string TellTimes =
        ",settb=AVTB,metadata=mode=add:key=told:value=1,metadata=mode=print:direct=1:file=pipe\\\\:2";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly FfmpegInput _input;
    private readonly Queue<string> _said = [];
    private readonly ManualResetEventSlim _hasSaidAll = new();
    private readonly BlockingCollection<(long Frame, TimeSpan? Time)> _times = [];
    private (long Frame, TimeSpan? Time)? _next;

    /// <summary>Starts it.</summary>
    /// <param name="input">What to decode.</param>
    /// <param name="program">Name or path of the program.</param>
    /// <param name="keepFrames">The option, in words, that keeps each frame once: it differs by version.</param>
    /// <param name="asksForTcp">Whether RTSP is asked to come over TCP, which versions before 5.0 cannot be told in a list.</param>
    /// <exception cref="SourceException">It is not installed.</exception>
    public FfmpegProcess(FfmpegInput input, string program, string keepFrames, bool asksForTcp)
    {
        _input = input;
        var start = new ProcessStartInfo(program, Arguments(input, keepFrames))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new SourceException(
                $"{input.Subject} needs the program '{program}', which "
                    + (
                        e.NativeErrorCode == NotFound
                            ? "is not installed; install it (sudo apt-get install ffmpeg)."
                            : $"cannot be started: {e.Message}"
                    ),
                inner: e
            );
        }

        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginErrorReadLine();
        Tell(asksForTcp);
    }

    /// <summary>What it decodes, as YUV4MPEG2.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>
    /// Ends it at once, so that a blocked read of <see cref="Output"/> returns, with what it has started: it may be a script around the
    /// program. Thread-safe.
    /// </summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself, or is disposed.
        }
    }

    /// <summary>
    /// The time of a frame that was read, where <see cref="FfmpegInput.TellsTimes"/>: waits until the program has told it. Null: the video
    /// states none for it.
    /// </summary>
    /// <param name="frame">Its number, from 0; later calls ask for later frames.</param>
    public TimeSpan? TimeOf(long frame)
    {
        while (_next is not { } told || told.Frame < frame)
        {
            if (!_times.TryTake(out var next, Timeout.Infinite))
                return null; // it has ended, or was killed
            _next = next;
        }

        return _next.Value.Frame == frame ? _next.Value.Time : null;
    }

    /// <summary>Whether it gave up, or was killed, once its output has ended; false when it reached the end, or does not end.</summary>
    public bool HasFailed() => _process.WaitForExit(s_patience) && _process.ExitCode != 0;

    /// <summary>What it complained of, its last lines, without the address's secrets; empty if nothing. Ends it first.</summary>
    public string Errors()
    {
        End();
        _hasSaidAll.Wait(s_patience);
        lock (_said)
            return string.Join("; ", _said.Select(_input.WithoutSecrets).Distinct(StringComparer.Ordinal));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        End();
        _process.Dispose();
    }

    // Not for ever: what it may have left behind can hold its streams open.
    private void End()
    {
        Kill();
        _process.WaitForExit(s_patience);
    }

    private static IEnumerable<string> Arguments(FfmpegInput input, string keepFrames) =>
        [
            "-nostdin",
            "-loglevel",
            "error",
            .. input.Options,
            // An odd column or row goes, as the chroma planes are half as large.
            "-an",
            "-sn",
            "-vf",
            "crop=trunc(iw/2)*2:trunc(ih/2)*2" + (input.TellsTimes ? TellTimes : ""),
            .. keepFrames.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            "-pix_fmt",
            "yuv420p",
            "-f",
            "yuv4mpegpipe",
            "-",
        ];

    private void Tell(bool asksForTcp)
    {
        try
        {
            _process.StandardInput.Write(_input.StandardInput(asksForTcp));
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already; what it says tells why.
        }
    }

    // Only the last lines are kept: a bad stream may complain for weeks.
    private void Hear(string? line)
    {
        if (line is null)
        {
            _times.CompleteAdding();
            _hasSaidAll.Set();
        }

        if (string.IsNullOrWhiteSpace(line) || (_input.TellsTimes && TakeTime(line)))
            return;
        lock (_said)
        {
            if (_said.Count == LinesKept)
                _said.Dequeue();
            _said.Enqueue(line.Trim());
        }
    }

    // The line may stand in the middle of a complaint, which the program writes in pieces.
    private bool TakeTime(string line)
    {
        if (line.StartsWith("told=", StringComparison.Ordinal))
            return true;
        var told = FrameTime().Match(line);
        if (!told.Success)
            return false;
        var microseconds = told.Groups[2].Value;
        _times.Add(
            (
                long.Parse(told.Groups[1].Value, CultureInfo.InvariantCulture),
                long.TryParse(microseconds, CultureInfo.InvariantCulture, out var time) ? TimeSpan.FromMicroseconds(time) : null
            )
        );
        return true;
    }

    [GeneratedRegex("frame:([0-9]{1,18}) +pts:(-?[0-9]{1,18}|NOPTS) +pts_time:", RegexOptions.CultureInvariant)]
    private static partial Regex FrameTime();
}
