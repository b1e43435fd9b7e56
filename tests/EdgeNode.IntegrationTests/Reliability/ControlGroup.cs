using System.Globalization;

namespace FaceLandmark.Tests.Reliability;

/// <summary>Limits of memory and processor for one program, by the kernel's control groups. Only root can set them.</summary>
internal sealed class ControlGroup : IDisposable
{
    private const string Root = "/sys/fs/cgroup";
    private static readonly bool s_isUnified = File.Exists(Path.Combine(Root, "cgroup.controllers"));
    private readonly string[] _folders;

    /// <summary>Makes one.</summary>
    /// <param name="bytes">How much memory its programs have.</param>
    /// <param name="cores">How many cores they have, in parts of one.</param>
    public ControlGroup(long bytes, double cores)
    {
        var name = $"facelandmark-{Environment.ProcessId}";
        _folders = s_isUnified
            ? [Path.Combine(Root, name)]
            : [Path.Combine(Root, "memory", name), Path.Combine(Root, "cpu", name)];
        foreach (var folder in _folders)
            Directory.CreateDirectory(folder);
        var quota = (cores * 100_000).ToString("F0", CultureInfo.InvariantCulture);
        if (s_isUnified)
        {
            File.WriteAllText(Path.Combine(_folders[0], "memory.max"), $"{bytes}");
            File.WriteAllText(Path.Combine(_folders[0], "cpu.max"), $"{quota} 100000");
            return;
        }

        File.WriteAllText(Path.Combine(_folders[0], "memory.limit_in_bytes"), $"{bytes}");
        File.WriteAllText(Path.Combine(_folders[1], "cpu.cfs_period_us"), "100000");
        File.WriteAllText(Path.Combine(_folders[1], "cpu.cfs_quota_us"), quota);
    }

    /// <summary>Why there can be none on this machine, or null.</summary>
    public static string? Problem { get; } =
        !Environment.IsPrivilegedProcess ? "Only root can limit a program."
        : s_isUnified
            ? IsOffered("memory") && IsOffered("cpu")
                ? null
                : "This machine's control groups do not offer memory and cpu."
        : IsWritable("memory") && IsWritable("cpu") ? null
        : "This machine's control groups cannot be written.";

    /// <summary>Starts a program within the limits.</summary>
    public RunningProgram Run(string program, params string[] arguments) =>
        RunningProgram.Start(
            "sh",
            [
                "-c",
                string.Concat(_folders.Select(folder => $"echo $$ > {folder}/cgroup.procs && ")) + "exec \"$@\"",
                "sh",
                program,
                .. arguments,
            ],
            null,
            ("Web__Port", "0")
        );

    /// <summary>Removes it; its programs must have ended.</summary>
    public void Dispose()
    {
        foreach (var folder in _folders)
            Directory.Delete(folder);
    }

    private static bool IsOffered(string controller) =>
        File.ReadAllText(Path.Combine(Root, "cgroup.subtree_control")).Split(' ', '\n').Contains(controller);

    private static bool IsWritable(string controller)
    {
        var trial = Path.Combine(Root, controller, $"facelandmark-{Environment.ProcessId}-trial");
        try
        {
            Directory.CreateDirectory(trial);
            Directory.Delete(trial);
            return File.Exists(Path.Combine(Root, controller, "cgroup.procs"));
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
