using System.Runtime.InteropServices;

namespace FaceLandmark.Capture.V4l2;

/// <summary>What a camera's refusals mean and what to do about them, a sentence each.</summary>
internal static class CameraTrouble
{
    private const string WhatIsThere = "ls -l /dev/v4l/by-id shows the cameras";

    /// <summary>It cannot be opened.</summary>
    public static SourceException Opening(string path, int error) =>
        error switch
        {
            LibC.NoEntry or LibC.NotADirectory or LibC.NoDevice or LibC.NoSuchAddress => new SourceException(
                $"Camera '{path}' does not exist; plug it in, or name another one (ls /dev/video* /dev/v4l/by-id lists them).",
                CameraCondition.Unplugged
            ),
            LibC.AccessDenied => new SourceException(
                $"This user may not open camera '{path}'; add the user to the group video "
                    + $"(sudo usermod -aG video {Environment.UserName}) and log in again."
            ),
            LibC.NotPermitted => new SourceException(
                $"This process has no access to camera '{path}'; give its container or service the device "
                    + $"(docker run --device {path}, or DeviceAllow= of systemd)."
            ),
            LibC.Busy => InUse(path),
            _ => new SourceException($"Camera '{path}' cannot be opened: {Text(error)}."),
        };

    /// <summary>Another program has it.</summary>
    public static SourceException InUse(string path) =>
        new($"Camera '{path}' is in use by another program; end that program (fuser -v {path} names it), or use another camera.");

    /// <summary>The file is no video device.</summary>
    public static SourceException NotACamera(string path) => new($"'{path}' is not a camera; name one ({WhatIsThere}).");

    /// <summary>A video device that gives no pictures in the way that is read here.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="card">What its driver calls it.</param>
    /// <param name="can">Its capabilities.</param>
    public static SourceException NoPictures(string path, string card, uint can) =>
        (can & Videodev2.CapMetaCapture) != 0
            ? new(
                $"'{path}' delivers metadata of '{card}', not pictures; name its other device, usually the one before "
                    + $"({WhatIsThere})."
            )
            : new(
                $"'{path}' ('{card}') delivers no pictures: it is an output, a converter or a tuner; name a camera ({WhatIsThere})."
            );

    /// <summary>Its driver knows no buffers.</summary>
    public static SourceException NoStreaming(string path, string card) =>
        new($"'{path}' ('{card}') cannot stream into memory-mapped buffers, which this program needs; use another camera.");

    /// <summary>It offers nothing that is understood here.</summary>
    public static SourceException NoCommonFormat(string path, string offers) =>
        new(
            $"Camera '{path}' offers {offers}, but one of {V4l2Choice.Understood} is needed; use another camera, or send its stream by "
                + "RTSP."
        );

    /// <summary>It refuses a format.</summary>
    public static SourceException Format(string path, string format, int width, int height, int error) =>
        error switch
        {
            LibC.Busy => InUse(path),
            LibC.NoDevice => Unplugged(path),
            _ => new($"Camera '{path}' refuses {width}x{height} in {format} ({Text(error)}); ask it for another Format or size."),
        };

    /// <summary>Its pictures would not fit into its buffers, or it grants none.</summary>
    public static SourceException Buffers(string path, int error) =>
        error switch
        {
            LibC.Busy => InUse(path),
            LibC.NoDevice => Unplugged(path),
            0 => new(
                $"Camera '{path}' gives too few buffers, or too small ones, for its pictures; ask it for a smaller Width and Height, or "
                    + "update its driver."
            ),
            _ => new($"Camera '{path}' gives no buffers for its pictures ({Text(error)}); ask it for a smaller Width and Height."),
        };

    /// <summary>It does not begin to stream.</summary>
    public static SourceException Start(string path, int error) =>
        error switch
        {
            LibC.Busy => InUse(path),
            LibC.NoDevice => Unplugged(path),
            LibC.NoSpace => new(
                $"Camera '{path}' does not get enough USB bandwidth; ask it for MJPG, a smaller Width and Height or fewer Fps, or plug it "
                    + "into another port."
            ),
            LibC.BrokenPipe or LibC.NoLink => new(
                $"Camera '{path}' cannot start, because its parts are not linked; link them with media-ctl as the documentation of the "
                    + "board says."
            ),
            _ => new($"Camera '{path}' cannot start: {Text(error)}; unplug it and plug it in again, or ask it for another Format or size."),
        };

    /// <summary>It refuses a control's value that it should take.</summary>
    public static SourceException Control(string path, string name, string value, int error) =>
        error switch
        {
            LibC.Busy => InUse(path),
            LibC.NoDevice => Unplugged(path),
            _ => new(
                $"Camera '{path}' refuses '{value}' for its control {name} ({Text(error)}); if an automatic control governs it, "
                    + "switch that off in Controls, or leave this one out."
            ),
        };

    /// <summary>A picture cannot be taken from it.</summary>
    public static SourceException Reading(V4l2Device device, int error) =>
        error == LibC.NoDevice || device.IsGone()
            ? Unplugged(device.Path)
            : new($"Camera '{device.Path}' stopped sending pictures ({Text(error)}); the node opens it again.");

    /// <summary>It was pulled out.</summary>
    public static SourceException Unplugged(string path) =>
        new($"Camera '{path}' was unplugged; plug it in again.", CameraCondition.Unplugged);

    /// <summary>It streams, but nothing that can be used comes.</summary>
    public static SourceException NoPicture(string path, int damaged) =>
        damaged == 0
            ? new($"Camera '{path}' opens but sends no picture; unplug it and plug it in again, or ask it for another Format or size.")
            : new($"Camera '{path}' sends only damaged pictures; try another cable or port, or ask it for another Format or size.");

    private static string Text(int error) => Marshal.GetPInvokeErrorMessage(error);
}
