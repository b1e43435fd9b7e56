using System.Globalization;
using System.Runtime.InteropServices;

namespace FaceLandmark.Soak;

/// <summary>
/// A folder for the outbox: a small disk of its own (tmpfs) that can be filled where the system lets us mount one, which takes root;
/// otherwise a plain folder, which is never full.
/// </summary>
internal sealed partial class SmallDisk : IDisposable
{
    private const string Name = "facelandmark-soak-";
    private const int DetachLater = 2; // MNT_DETACH
    private readonly FaultSwitches _faults;

    /// <summary>Makes it.</summary>
    public SmallDisk(FaultSwitches faults)
    {
        _faults = faults;
        ClearUp();
        Folder = Directory.CreateTempSubdirectory($"{Name}{Environment.ProcessId}-").FullName;
        IsOwn = OperatingSystem.IsLinux() && Mount("tmpfs", Folder, "tmpfs", 0, "size=1m") == 0;
        if (IsOwn)
            faults.Switched += Follow;
    }

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>Whether it can be filled.</summary>
    public bool IsOwn { get; }

    private string Filler => Path.Combine(Folder, "filler");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsOwn)
        {
            _faults.Switched -= Follow;
            _ = Unmount(Folder, DetachLater);
        }

        Directory.Delete(Folder, recursive: true);
    }

    // A soak that was killed leaves its disk mounted. The name says whose it was.
    private static void ClearUp()
    {
        if (!OperatingSystem.IsLinux())
            return;
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), Name + "*"))
        {
            var process = Path.GetFileName(folder)[Name.Length..].Split('-')[0];
            if (!int.TryParse(process, CultureInfo.InvariantCulture, out _) || Directory.Exists($"/proc/{process}"))
                continue;
            try
            {
                _ = Unmount(folder, DetachLater);
                Directory.Delete(folder); // what was mounted leaves it empty; files of others stay
            }
            catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
            {
                // Somebody else's.
            }
        }
    }

    private void Follow(SoakFault fault, bool isOn)
    {
        if (fault.Kind != SoakFaultKind.DiskFull)
            return;
        if (isOn)
            Fill();
        else
            File.Delete(Filler);
    }

    private void Fill()
    {
        try
        {
            using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
                filler.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string kind, nuint flags, string data);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);
}
