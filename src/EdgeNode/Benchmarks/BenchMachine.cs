using System.Globalization;
using System.Runtime.InteropServices;
using FaceLandmark.Models;

namespace FaceLandmark.Benchmarks;

/// <summary>Where it was measured.</summary>
/// <param name="Cores">Logical processors that the process may use.</param>
/// <param name="Architecture">Kind of the processor.</param>
/// <param name="EightBit">Its instructions for 8-bit networks; null: none.</param>
/// <param name="LoadBefore">Load average over the last minute before the benchmark; null where the system tells none.</param>
internal sealed record BenchMachine(int Cores, string Architecture, string? EightBit, double? LoadBefore)
{
    /// <summary>A load from which on the figures are those of a busy machine.</summary>
    private const double Busy = 0.5;

    /// <summary>This machine, now.</summary>
    public static BenchMachine Here() =>
        new(Environment.ProcessorCount, RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(), EightBitSupport.Name, Load());

    /// <summary>Whether others were at work.</summary>
    public bool IsBusy => LoadBefore > Busy;

    /// <summary>One line, for people.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Cores} {(Cores == 1 ? "core" : "cores")}, {Architecture}, {EightBit ?? "no 8-bit instructions"}, load {LoadBefore:f1}"
        );

    private static double? Load()
    {
        try
        {
            return double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }
}
