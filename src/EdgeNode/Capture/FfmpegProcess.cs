using System.ComponentModel;
using System.Diagnostics;

namespace FaceLandmark.Capture;

/// <summary>
/// The system's <c>ffmpeg</c>, which decodes an address to YUV4MPEG2 on its standard output. A program of its own, because the FFmpeg
/// inside the OpenCV packages is built without its network part.
/// </summary>
internal sealed class FfmpegProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _url;
    private string _lastError = "";

    /// <summary>Starts it.</summary>
    /// <param name="url">The address.</param>
    /// <param name="program">Name or path of the program.</param>
    /// <exception cref="SourceException">It is not installed.</exception>
    public FfmpegProcess(string url, string program)
    {
        _url = url;
        var start = new ProcessStartInfo(program, Arguments(url)) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new SourceException($"Stream '{SourceName.WithoutPassword(url)}' needs the program '{program}', which is not installed; install it (sudo apt-get install ffmpeg).", inner: e);
        }

        // Only the last line is kept: a bad stream may complain for weeks.
        _process.ErrorDataReceived += (_, line) => _lastError = string.IsNullOrWhiteSpace(line.Data) ? _lastError : line.Data.Trim();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it decodes, as YUV4MPEG2.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Ends it at once, so that a blocked read of <see cref="Output"/> returns. Thread-safe.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself, or is disposed.
        }
    }

    /// <summary>What it complained of last, without the address's password; empty if nothing. Ends it first.</summary>
    public string LastError()
    {
        Kill();
        _process.WaitForExit();
        return _lastError.Replace(_url, SourceName.WithoutPassword(_url), StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static IEnumerable<string> Arguments(string url)
    {
        string[] transport = url.StartsWith("rtsp", StringComparison.OrdinalIgnoreCase) ? ["-rtsp_transport", "tcp"] : [];
        // No frame is doubled or left out to keep a rate; an odd column or row goes, as the chroma planes are half as large.
        return
        [
            "-nostdin", "-loglevel", "error", .. transport, "-i", url,
            "-an", "-sn", "-vf", "crop=trunc(iw/2)*2:trunc(ih/2)*2", "-vsync", "passthrough", "-pix_fmt", "yuv420p", "-f", "yuv4mpegpipe", "-",
        ];
    }
}
