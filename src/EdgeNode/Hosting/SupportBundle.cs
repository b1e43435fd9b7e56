using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using FaceLandmark.Configuration;
using FaceLandmark.Platform;
using FaceLandmark.Publish;

namespace FaceLandmark.Hosting;

/// <summary>
/// What helps to find a fault, as a zip file of texts: the program and its machine, the settings without secrets, what happened, the last
/// lines of the log, the figures. No picture, no landmark, no password.
/// </summary>
internal sealed class SupportBundle
{
    private readonly Dictionary<string, string> _texts = [];

    /// <summary>Begins with what is known at any time.</summary>
    public SupportBundle(EdgeNodeOptions options, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(options);
        var version = typeof(SupportBundle).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"at: {at:O}\nprogram: {version ?? "unknown"}\nnode: {options.Node.Name}\n");
        text.Append(CultureInfo.InvariantCulture, $"runtime: {RuntimeInformation.FrameworkDescription}\n");
        text.Append(CultureInfo.InvariantCulture, $"system: {RuntimeInformation.OSDescription}\n");
        text.Append(CultureInfo.InvariantCulture, $"processors: {Environment.ProcessorCount}\n");
        var memory = GC.GetGCMemoryInfo();
        text.Append(CultureInfo.InvariantCulture, $"memory of the machine: {memory.TotalAvailableMemoryBytes >> 20} MB\n");
        text.Append(CultureInfo.InvariantCulture, $"memory of this process: {Environment.WorkingSet >> 20} MB\n");
        text.Append(CultureInfo.InvariantCulture, $"user: {(Environment.IsPrivilegedProcess ? "root" : "not root")}\n");
        Add("about.txt", text.ToString());
        Add("settings.json", PublicConfiguration.Of(options).GetRawText());
    }

    /// <summary>Adds a text by the name of its file.</summary>
    public void Add(string name, string text) => _texts[name] = text;

    /// <summary>Adds the figures of a run.</summary>
    public void Add(NodeContext node) =>
        Add("figures.json", Encoding.UTF8.GetString(StatsMessage.Of(node.Metrics.Snapshot(), node.Identity).ToBytes()));

    /// <summary>Adds the last words of earlier runs, and how the latest one ended.</summary>
    /// <param name="folder">Where they are; empty: none are kept.</param>
    public void AddLastWords(string folder)
    {
        foreach (var file in LastWords.Files(folder))
        {
            using var zip = ZipFile.OpenRead(file);
            foreach (var entry in zip.Entries)
            {
                using var text = new StreamReader(entry.Open());
                Add($"{Path.GetFileNameWithoutExtension(file)}/{entry.Name}", text.ReadToEnd());
            }
        }
    }

    /// <summary>Writes it, whole or not at all; only this user may read it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public void Write(string path) =>
        WholeFile.Write(
            path,
            part =>
            {
                var own = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows())
                    own.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                using var file = new FileStream(part, own);
                using var zip = new ZipArchive(file, ZipArchiveMode.Create);
                foreach (var (name, text) in _texts)
                {
                    using var entry = new StreamWriter(zip.CreateEntry(name).Open(), new UTF8Encoding(false));
                    entry.Write(text);
                }
            }
        );
}
