using System.Globalization;

namespace FaceLandmark.Hosting;

/// <summary>What systemd tells the program that it starts (<c>sd_notify(3)</c>, <c>sd_watchdog_enabled(3)</c>).</summary>
internal static class ServiceManager
{
    /// <summary>Whether it started this program and wants to be told how it is.</summary>
    public static bool IsManaged => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));

    /// <summary>How long this program may keep silent until it is ended; null: for ever.</summary>
    public static TimeSpan? WatchdogPeriod() =>
        WatchdogPeriod(
            Environment.GetEnvironmentVariable("WATCHDOG_USEC"),
            Environment.GetEnvironmentVariable("WATCHDOG_PID"),
            Environment.ProcessId
        );

    /// <summary>A sentence on standard error; for the journal with the priority of an error.</summary>
    public static Task WriteErrorAsync(string sentence) => Console.Error.WriteLineAsync(IsManaged ? "<3>" + sentence : sentence);

    internal static TimeSpan? WatchdogPeriod(string? microseconds, string? process, int self) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var period)
        && period > 0
        && (string.IsNullOrEmpty(process) || process == self.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(period)
            : null;
}
