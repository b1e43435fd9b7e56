using System.Globalization;
using System.Text;
using FaceLandmark.Configuration;
using FaceLandmark.Platform;

#pragma warning disable CA1416 // modes of files: the program runs on Linux only

namespace FaceLandmark.Setup;

/// <summary>Writes what was decided: the settings as a whole or not at all, a password into a file that only the node reads.</summary>
internal sealed class SetupWriter(TimeProvider time)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode OwnersFolder = OwnerOnly | UnixFileMode.UserExecute;
    private const string Mark = "// Written by facelandmark configure";

    /// <summary>Makes sure that the file can be written, before anybody answers questions.</summary>
    /// <exception cref="ConfigurationException">It cannot be.</exception>
    public static void Probe(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        while (!Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder)!;
        var probe = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            File.WriteAllBytes(probe, []);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            var advice = SettingsFile.IsOfPackage ? "run sudo facelandmark configure" : "name another file with --config";
            throw new ConfigurationException([$"This user cannot write '{path}': {advice}."]);
        }
        finally
        {
            File.Delete(probe);
        }
    }

    /// <summary>Writes it. What was there before is kept beside it.</summary>
    /// <returns>The files that were written, and those that keep what was there before.</returns>
    /// <exception cref="IOException">A file cannot be written; everything is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it; everything is as it was.</exception>
    public IReadOnlyList<(string File, string? Backup)> Write(SetupDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (!Directory.Exists(Path.GetDirectoryName(draft.Path)))
            Directory.CreateDirectory(Path.GetDirectoryName(draft.Path)!, OwnersFolder);
        List<(string File, string? Backup)> written = [];
        try
        {
            if (draft.NewPassword is { } password)
                written.Add(Write(draft.PasswordFile, password + "\n", isSecret: true));
            if (draft.Changes.Count > 0)
                written.Add(Write(draft.Path, TextOf(draft), draft.HoldsSecret));
            return written;
        }
        catch
        {
            foreach (var (file, backup) in written)
            {
                if (backup is null)
                    File.Delete(file);
                else
                    File.Move(backup, file, overwrite: true);
            }

            throw;
        }
    }

    private string TextOf(SetupDraft draft)
    {
        var settings = new SettingsText(File.Exists(draft.Path) ? File.ReadAllText(draft.Path) : "");
        foreach (var (key, _, after) in draft.Changes)
            settings.Set(key, after);
        var replaced = draft.Changes.Select(change => $"{change.Key} was {SetupDraft.Shown(change.Key, change.Before)}");
        var line = $"{Mark} at {Now("yyyy-MM-dd HH:mm")} UTC: {string.Join(", ", replaced)}.\n";
        // The comment of the last time gives its place to this one's.
        var text = settings.Text;
        return line + (text.StartsWith(Mark, StringComparison.Ordinal) ? text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..] : text);
    }

    private (string File, string? Backup) Write(string path, string text, bool isSecret)
    {
        // A link stays one.
        path = new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;
        var isThere = File.Exists(path);
        var mode =
            isSecret ? OwnerOnly
            : isThere ? File.GetUnixFileMode(path)
            : Readable;
        var backup = isThere ? $"{path}.{Now("yyyyMMdd'T'HHmmss'Z'")}.bak" : null;
        if (backup is not null)
            File.Copy(path, backup, overwrite: true);
        try
        {
            WholeFile.Write(path, part => WritePart(part, text, mode, isSecret));
            return (path, backup);
        }
        catch
        {
            if (backup is not null)
                File.Delete(backup);
            throw;
        }
    }

    private static void WritePart(string part, string text, UnixFileMode mode, bool isSecret)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly, // nobody reads it before it has its mode
        };
        using (var file = new FileStream(part, options))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.SetUnixFileMode(part, mode);
        if (isSecret && SettingsFile.IsOfPackage)
            NodeUnit.Give(part);
    }

    private string Now(string format) => time.GetUtcNow().ToString(format, CultureInfo.InvariantCulture);
}
