using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Hosting;

namespace FaceLandmark.Setup;

/// <summary>Tries answers out, as the node would use them.</summary>
internal static class SetupChecks
{
    private static readonly string[] s_homes = ["/home/", "/root/", "/run/user/"];

    /// <summary>Opens the camera and takes a frame.</summary>
    /// <returns>Whether it came; what was seen, or what is wrong, a sentence.</returns>
    public static async Task<(bool IsFine, string Sentence)> CameraAsync(SetupDraft draft, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var options = draft.Answers;
        // A driver or a server that hangs does not hold up a stop.
        var finding = await Task.Run(() => NodeDoctor.Camera(options.Cameras[0], options.Pictures), stop).WaitAsync(stop);
        return finding.Verdict == Finding.Ok && HiddenFromService(options.Cameras[0].Source) is { } hidden
            ? (false, hidden)
            : Told(finding, "The camera delivers pictures: ");
    }

    /// <summary>Connects to the broker with the account, publishes and reads back; or sees whether the embedded one can listen.</summary>
    /// <inheritdoc cref="CameraAsync"/>
    public static async Task<(bool IsFine, string Sentence)> BrokerAsync(SetupDraft draft, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var options = ConfigurationSources.Complete(draft.Answers).Options;
        // A new password is not in its file yet.
        if (draft.NewPassword is not null)
            options = options with { Mqtt = options.Mqtt with { PasswordFile = "" } };
        var finding = await NodeDoctor.BrokerAsync(options, stop);
        return finding.Verdict == Finding.Ok && HiddenFromService(options.Mqtt.Tls.CaFile) is { } hidden
            ? (false, hidden)
            : Told(finding, "The broker is fine: ");
    }

    /// <summary>A path as every later start of the node finds it, from whatever folder; what is not a file stays as it is.</summary>
    public static string Absolute(string source) =>
        source.Length > 0 && FrameSourceFactory.KindOf(source) is SourceKind.Folder or SourceKind.Picture or SourceKind.Video
            ? Path.GetFullPath(source)
            : source;

    private static (bool IsFine, string Sentence) Told(Finding finding, string praise) =>
        finding.Verdict == Finding.Ok
            ? (true, $"{praise}{finding.Why}.")
            : (false, Sentence(finding.Remedy is null ? finding.Why : $"{finding.Why}; {finding.Remedy}"));

    private static string Sentence(string words) => $"{char.ToUpperInvariant(words[0])}{words[1..].TrimEnd('.')}.";

    // ProtectHome= of the unit.
    private static string? HiddenFromService(string path) =>
        SettingsFile.IsOfPackage && s_homes.Any(home => path.StartsWith(home, StringComparison.Ordinal))
            ? $"The service does not see '{path}': copy it to /etc/facelandmark or /var/lib/facelandmark, and name it there."
            : null;
}
