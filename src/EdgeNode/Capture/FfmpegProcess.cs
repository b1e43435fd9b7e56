using System.ComponentModel;
using System.Diagnostics;
using FaceLandmark.Platform;

namespace FaceLandmark.Capture;

/// <summary>
/// The system's <c>ffmpeg</c>, which decodes an address to YUV4MPEG2 on its standard output. A program of its own, because the FFmpeg
/// inside the OpenCV packages is built without its network part. The address goes to it as a list of one file (its concat format) on
/// standard input: everybody on the machine may read the arguments of a program, and the address holds the camera's password.
/// </summary>
internal sealed class FfmpegProcess : IDisposable
{
    private const int LinesKept = 12;
    private const int NotFound = 2;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    // All that an address may need, and no files: a list of streams (HLS) that a server sends must not name those of this machine.
    private const string Protocols = "pipe,fd,http,https,httpproxy,tcp,tls,udp,udplite,rtp,rtsp,srtp,crypto,data";

    private readonly Process _process;
    private readonly string _url;
    private readonly Queue<string> _said = [];
    private readonly ManualResetEventSlim _hasSaidAll = new();

    /// <summary>Starts it.</summary>
    /// <param name="url">The address.</param>
    /// <param name="program">Name or path of the program.</param>
    /// <param name="keepFrames">The option, in words, that keeps each frame once: it differs by version.</param>
    /// <param name="asksForTcp">Whether RTSP is asked to come over TCP, which versions before 5.0 can't be told in a list.</param>
    /// <exception cref="SourceException">It is not installed.</exception>
    public FfmpegProcess(string url, string program, string keepFrames, bool asksForTcp)
    {
        _url = url;
        var start = new ProcessStartInfo(program, Arguments(keepFrames))
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
                $"Stream '{PublicText.Address(url)}' needs the program '{program}', which "
                    + (
                        e.NativeErrorCode == NotFound
                            ? "is not installed; install it (sudo apt-get install ffmpeg)."
                            : $"can't be started: {e.Message}"
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

    /// <summary>What it complained of, its last lines, without the address's secrets; empty if nothing. Ends it first.</summary>
    public string Errors()
    {
        End();
        _hasSaidAll.Wait(s_patience);
        lock (_said)
            return string.Join("; ", _said.Select(WithoutSecrets).Distinct(StringComparer.Ordinal));
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

    private static IEnumerable<string> Arguments(string keepFrames) =>
        [
            "-nostdin",
            "-loglevel",
            "error",
            "-protocol_whitelist",
            Protocols,
            "-f",
            "concat",
            "-safe",
            "0",
            "-i",
            "pipe:0",
            // An odd column or row goes, as the chroma planes are half as large.
            "-an",
            "-sn",
            "-vf",
            "crop=trunc(iw/2)*2:trunc(ih/2)*2",
            .. keepFrames.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            "-pix_fmt",
            "yuv420p",
            "-f",
            "yuv4mpegpipe",
            "-",
        ];

    private void Tell(bool asksForTcp)
    {
        var list = $"ffconcat version 1.0\nfile '{_url.Replace("'", @"'\''", StringComparison.Ordinal)}'\n";
        if (asksForTcp && _url.StartsWith("rtsp", StringComparison.OrdinalIgnoreCase))
            list += "option rtsp_transport tcp\n";
        try
        {
            _process.StandardInput.Write(list);
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
            _hasSaidAll.Set();
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_said)
        {
            if (_said.Count == LinesKept)
                _said.Dequeue();
            _said.Enqueue(line.Trim());
        }
    }

    private string WithoutSecrets(string line)
    {
        line = line.Replace(_url, PublicText.Address(_url), StringComparison.Ordinal);
        return line.Contains("://", StringComparison.Ordinal) ? string.Join(' ', line.Split(' ').Select(PublicText.Address)) : line;
    }
}
