using System.ComponentModel;
using System.Diagnostics;
using FaceLandmark.Configuration;

namespace FaceLandmark.Setup;

/// <summary>The systemd service of the package, where the program is installed by it.</summary>
internal static class NodeUnit
{
    /// <summary>The user that the service runs as.</summary>
    public const string User = "facelandmark";

    private const string Name = "facelandmark.service";

    /// <summary>Whether systemd has it.</summary>
    public static bool IsThere() =>
        SettingsFile.IsOfPackage && Run("systemctl", "show", "--property=LoadState", "--value", Name).Output.Trim() == "loaded";

    /// <summary>Whether it runs, and so holds its camera and its port.</summary>
    public static bool IsActive() => Run("systemctl", "is-active", Name).Status == 0;

    /// <summary>Starts it, or starts it again; returns when it is ready.</summary>
    /// <returns>What is wrong, a sentence, or null.</returns>
    public static string? Restart()
    {
        var (status, output) = Run("systemctl", "restart", Name);
        return status == 0
            ? null
            : $"systemd did not start the service ({output.Trim().ReplaceLineEndings(" ")}); journalctl -u facelandmark -n 20 shows why.";
    }

    /// <summary>Gives a file to the service's user; nothing where there is no such user.</summary>
    /// <exception cref="UnauthorizedAccessException">It cannot be given.</exception>
    public static void Give(string path)
    {
        if (Run("id", "-u", User).Status != 0)
            return;
        var (status, output) = Run("chown", $"{User}:{User}", path);
        if (status != 0)
            throw new UnauthorizedAccessException($"'{path}' cannot be given to the user {User}: {output.Trim()}");
    }

    private static (int Status, string Output) Run(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.Result);
        }
        catch (Win32Exception reason)
        {
            return (-1, reason.Message); // no such program
        }
    }
}
