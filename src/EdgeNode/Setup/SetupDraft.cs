using System.Globalization;
using FaceLandmark.Configuration;
using FaceLandmark.Platform;

namespace FaceLandmark.Setup;

/// <summary>Settings that are being decided: what the files say, what was answered, and where it goes.</summary>
/// <param name="Path">The settings file.</param>
/// <param name="Before">What the files say.</param>
internal sealed record SetupDraft(string Path, EdgeNodeOptions Before)
{
    private const string PasswordKey = "Mqtt:Password";

    // What a newcomer decides, and what goes with it; as JSON.
    private static readonly (string Key, Func<EdgeNodeOptions, string> Json)[] s_keys =
    [
        ("Node:Name", options => SettingsText.Quoted(options.Node.Name)),
        ("Cameras:0:Source", options => SettingsText.Quoted(options.Cameras[0].Source)),
        ("Mqtt:Host", options => SettingsText.Quoted(options.Mqtt.Host)),
        ("Mqtt:Port", options => options.Mqtt.Port.ToString(CultureInfo.InvariantCulture)),
        ("Mqtt:Failover", options => SettingsText.Quoted(options.Mqtt.Failover)),
        ("Mqtt:Transport", options => SettingsText.Quoted(options.Mqtt.Transport.Word())),
        ("Mqtt:Tls:Enabled", options => options.Mqtt.Tls.Enabled ? "true" : "false"),
        ("Mqtt:Tls:CaFile", options => SettingsText.Quoted(options.Mqtt.Tls.CaFile)),
        ("Mqtt:User", options => SettingsText.Quoted(options.Mqtt.User)),
        (PasswordKey, options => SettingsText.Quoted(options.Mqtt.Password)),
        ("Mqtt:PasswordFile", options => SettingsText.Quoted(options.Mqtt.PasswordFile)),
        ("Preview:Enabled", options => options.Preview.Enabled is { } isOn ? (isOn ? "true" : "false") : "\"auto\""),
        ("Privacy:Preview", options => SettingsText.Quoted(options.Privacy.Preview.Word())),
    ];

    /// <summary>What was answered; the password of the broker, where a new one was given, is in <c>Mqtt:Password</c>.</summary>
    public EdgeNodeOptions Answers { get; init; } = Before;

    /// <summary>The file for a new password: beside the settings.</summary>
    public string PasswordFile => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, "mqtt.password");

    /// <summary>The new password, which goes into <see cref="PasswordFile"/>; null: none was given.</summary>
    public string? NewPassword =>
        Answers.Mqtt.Password.Length > 0 && Answers.Mqtt.Password != Before.Mqtt.Password ? Answers.Mqtt.Password : null;

    /// <summary>What becomes of the settings, the password in its own file.</summary>
    public EdgeNodeOptions After =>
        NewPassword is null ? Answers : Answers with { Mqtt = Answers.Mqtt with { Password = "", PasswordFile = PasswordFile } };

    /// <summary>The settings that change, with their values as JSON.</summary>
    public IReadOnlyList<(string Key, string Before, string After)> Changes =>
        [
            .. s_keys
                .Select(setting => (setting.Key, Before: setting.Json(Before), After: setting.Json(After)))
                .Where(change => change.Before != change.After),
        ];

    /// <summary>What is wrong with the answers, a sentence each.</summary>
    public IReadOnlyList<string> Errors => ConfigurationSources.Complete(After).Errors;

    /// <summary>Whether the camera's address has an account or a token in it, so that nobody else may read the file.</summary>
    public bool HoldsSecret => PublicText.Address(After.Cameras[0].Source) != After.Cameras[0].Source;

    /// <summary>A value of <see cref="Changes"/> as anybody may see it.</summary>
    public static string Shown(string key, string json) =>
        key == PasswordKey && json != "\"\"" ? "***"
        : json == "\"\"" ? "(empty)"
        : PublicText.Shown(PublicText.Address(json.Trim('"')));
}
