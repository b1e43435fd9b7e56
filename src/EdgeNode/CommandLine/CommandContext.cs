using System.CommandLine;
using FaceLandmark.Configuration;

namespace FaceLandmark.CommandLine;

/// <summary>What all verbs share: the settings of the command line and the option <c>--config</c>.</summary>
/// <param name="settings">Keys and values given as <c>--Section:Key=value</c>.</param>
internal sealed class CommandContext(IReadOnlyDictionary<string, string?> settings)
{
    /// <summary>The option <c>--config</c>.</summary>
    public Option<string?> ConfigFile { get; } =
        new("--config")
        {
            Description = "A JSON file whose settings override appsettings.json.",
            HelpName = "file",
            Recursive = true,
        };

    /// <summary>Whether the command line gives settings.</summary>
    public bool HasSettings => settings.Count > 0;

    /// <summary>Reads the configuration of this call.</summary>
    /// <exception cref="ConfigurationException">It cannot be used.</exception>
    public EdgeNodeOptions Load(ParseResult parsed, string? source = null) =>
        new ConfigurationSources(parsed.GetValue(ConfigFile), settings, source).Load();

    /// <summary>The arguments by which another start of the program gets the settings of this call.</summary>
    public IReadOnlyList<string> Arguments(ParseResult parsed) =>
        [
            .. parsed.GetValue(ConfigFile) is { } file ? ["--config", Path.GetFullPath(file)] : Array.Empty<string>(),
            .. settings.Select(setting => $"--{setting.Key}={setting.Value}"),
        ];
}
