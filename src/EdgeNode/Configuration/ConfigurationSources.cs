using System.Collections;
using System.Net;
using System.Text.Json;
using FaceLandmark.Capture;
using FaceLandmark.Control;
using Microsoft.Extensions.Configuration;

namespace FaceLandmark.Configuration;

/// <summary>
/// Where settings come from, later ones winning: <c>appsettings.json</c> beside the program, the user's file (<see cref="SettingsFile"/>),
/// the file of <c>--config</c>, environment variables (<c>Mqtt__Host</c>), <c>--Mqtt:Host=...</c> on the command line.
/// </summary>
/// <param name="ConfigFile">The file of <c>--config</c>, or null.</param>
/// <param name="Settings">Keys and values of the command line.</param>
/// <param name="Source">The source that stands for the one camera <c>cam0</c>, or null.</param>
internal sealed record ConfigurationSources(
    string? ConfigFile = null,
    IReadOnlyDictionary<string, string?>? Settings = null,
    string? Source = null
)
{
    /// <summary>Reads, merges and checks all of them.</summary>
    /// <exception cref="ConfigurationException">A file cannot be read, a key is unknown, or a value is invalid; all errors at once.
    /// </exception>
    public EdgeNodeOptions Load()
    {
        var merged = MergeFiles();
        Merge(
            merged,
            Environment
                .GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .Select(variable => ((string)variable.Key, (string?)variable.Value))
                .Where(variable =>
                    OptionsTree.IsSection(variable.Item1.Split("__")[0]) && variable.Item1.Contains("__", StringComparison.Ordinal)
                )
                .Select(variable => KeyValuePair.Create(variable.Item1.Replace("__", ":", StringComparison.Ordinal), variable.Item2))
        );
        if (Source is not null)
        {
            foreach (var key in merged.Keys.Where(key => key.StartsWith("Cameras:", StringComparison.OrdinalIgnoreCase)).ToList())
                merged.Remove(key);
            merged["Cameras:0:Name"] = "cam0";
            merged["Cameras:0:Source"] = Source;
        }

        Merge(merged, Settings ?? new Dictionary<string, string?>());
        var (options, errors) = Complete(Bind(merged));
        return errors.Count == 0 ? options : throw new ConfigurationException(errors);
    }

    /// <summary>What the files say, the environment and the command line left out, with nothing settled and no value checked.</summary>
    /// <exception cref="ConfigurationException">A file cannot be read, a key is unknown, or a value does not convert.</exception>
    public EdgeNodeOptions LoadFiles() => Bind(MergeFiles());

    /// <summary>Fills what is open in options of files, as a node does, and checks every value.</summary>
    /// <returns>The options; and a sentence for each value that is out of its range.</returns>
    public static (EdgeNodeOptions Options, IReadOnlyList<string> Errors) Complete(EdgeNodeOptions options)
    {
        var settled = Settle(options);
        var errors = new List<string>();
        OptionsValidator.Validate(settled, errors);
        return (settled, errors);
    }

    private Dictionary<string, string?> MergeFiles()
    {
        var merged = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        Merge(merged, ReadFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), required: false));
        if (SettingsFile.PathOfUser is { } own)
            Merge(merged, ReadFile(own, required: false));
        if (ConfigFile is not null)
            Merge(merged, ReadFile(Path.GetFullPath(ConfigFile), required: true));
        return merged;
    }

    private static EdgeNodeOptions Bind(Dictionary<string, string?> merged)
    {
        var errors = new List<string>();
        var normalised = OptionsTree.Normalise(merged, errors);
        if (errors.Count > 0)
            throw new ConfigurationException(errors);
        var options = new ConfigurationBuilder().AddInMemoryCollection(normalised).Build().Get<EdgeNodeOptions>() ?? new EdgeNodeOptions();
        return options.Cameras.Count > 0 ? options : options with { Cameras = [new CameraOptions()] };
    }

    // Only this machine reaches the embedded broker, unless the live page leads others there; elsewhere, pictures of people and a hand on
    // the node are asked for.
    private static EdgeNodeOptions Settle(EdgeNodeOptions options)
    {
        var onThisMachine =
            options.Mqtt.Host.Length == 0
            && (options.Web.Port == 0 || !IPAddress.TryParse(options.Web.Address, out var page) || IPAddress.IsLoopback(page));
        return options with
        {
            Node = options.Node.Name.Length > 0 ? options.Node : options.Node with { Name = Environment.MachineName },
            Preview = options.Preview with { Enabled = options.Preview.Enabled ?? onThisMachine },
            Commands =
                options.Commands.Allow == CommandsOptions.Auto
                    ? options.Commands with
                    {
                        Allow = onThisMachine ? CommandsOptions.OnThisMachine : "",
                    }
                    : options.Commands,
        };
    }

    private static void Merge(Dictionary<string, string?> merged, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        foreach (var (key, value) in settings)
            merged[key] = value;
    }

    private static IEnumerable<KeyValuePair<string, string?>> ReadFile(string path, bool required)
    {
        if (!File.Exists(path))
        {
            return required ? throw new ConfigurationException([$"The configuration file {path} is missing: correct --config."]) : [];
        }

        try
        {
            // Only leaves: a section's own entry has no value.
            return
            [
                .. new ConfigurationBuilder()
                    .AddJsonFile(path, optional: false, reloadOnChange: false)
                    .Build()
                    .AsEnumerable()
                    .Where(setting => setting.Value is not null),
            ];
        }
        catch (Exception reason)
            when (reason is InvalidDataException or FormatException or JsonException or IOException or UnauthorizedAccessException)
        {
            // Where it is installed, the file beside the program leads to the one in /etc, which is the one to mend.
            throw new ConfigurationException([
                $"The configuration file {File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path} cannot be read: "
                    + $"{(reason.InnerException ?? reason).Message}",
            ]);
        }
    }
}
