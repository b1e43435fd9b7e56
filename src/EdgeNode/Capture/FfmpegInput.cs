using FaceLandmark.Platform;

namespace FaceLandmark.Capture;

/// <summary>What the system's <c>ffmpeg</c> is given to decode.</summary>
internal sealed record FfmpegInput
{
    // All that an address may need, and no files: a list of streams (HLS) that a server sends must not name those of this machine.
    private const string StreamProtocols = "pipe,fd,http,https,httpproxy,tcp,tls,udp,udplite,rtp,rtsp,srtp,crypto,data";

    // And a file must not name addresses.
    private const string FileProtocols = "file,pipe,fd,crypto,data";

    private readonly string _url;

    private FfmpegInput(string url, string name, bool isFile) => (_url, Name, IsFile) = (url, name, isFile);

    /// <summary>What people read about it: the path, or the address without its secrets.</summary>
    public string Name { get; }

    /// <summary>A file, or else an address.</summary>
    public bool IsFile { get; }

    /// <summary>Whether the program is to tell each frame's time, in lines among what it complains of.</summary>
    public bool TellsTimes { get; init; }

    /// <summary>The begin of a sentence about it.</summary>
    public string Subject => IsFile ? $"Video '{Name}'" : $"Stream '{Name}'";

    /// <summary>
    /// The options that name it. An address goes to the program as a list of one file (its concat format) on standard input: everybody on
    /// the machine may read the arguments of a program, and the address holds the camera's password.
    /// </summary>
    public IReadOnlyList<string> Options =>
        IsFile
            ? ["-protocol_whitelist", FileProtocols, "-i", "file:" + _url]
            : ["-protocol_whitelist", StreamProtocols, "-f", "concat", "-safe", "0", "-i", "pipe:0"];

    /// <summary>A file on this machine.</summary>
    /// <param name="path">Its path; a colon in it does not make it a protocol.</param>
    public static FfmpegInput File(string path) => new(Path.GetFullPath(path), path, true);

    /// <summary>A stream.</summary>
    /// <param name="url">Its address, with user and password if the server wants them.</param>
    public static FfmpegInput Stream(string url) => new(url, PublicText.Address(url), false);

    /// <summary>What is written to the program's standard input.</summary>
    /// <param name="asksForTcp">Whether RTSP is asked to come over TCP, which versions before 5.0 cannot be told in a list.</param>
    public string StandardInput(bool asksForTcp)
    {
        if (IsFile)
            return "";
        var list = $"ffconcat version 1.0\nfile '{_url.Replace("'", @"'\''", StringComparison.Ordinal)}'\n";
        return asksForTcp && _url.StartsWith("rtsp", StringComparison.OrdinalIgnoreCase) ? list + "option rtsp_transport tcp\n" : list;
    }

    /// <summary>A line of the program's without the secrets of an address.</summary>
    public string WithoutSecrets(string line)
    {
        line = line.Replace(_url, Name, StringComparison.Ordinal);
        return line.Contains("://", StringComparison.Ordinal) ? string.Join(' ', line.Split(' ').Select(PublicText.Address)) : line;
    }
}
