using System.Globalization;

namespace FaceLandmark.Tests.Reliability;

/// <summary>
/// How long the tests of reliability take: the short form of every run, or the long one that <c>./test.sh --long</c> asks for.
/// </summary>
internal static class Extent
{
    /// <summary>The category that <c>./test.sh --only reliability</c> runs.</summary>
    public const string Category = "reliability";

    private static readonly bool s_isLong = Environment.GetEnvironmentVariable("FACELANDMARK_LONG") == "1";

    /// <summary>How often a node is stopped at a random moment.</summary>
    public static int Rounds => s_isLong ? 200 : 6;

    /// <summary>How long a soak takes.</summary>
    public static string Soak => s_isLong ? "2h" : "60s";

    /// <summary>Another one in each long run; the short form is always the same.</summary>
    public static int Seed => s_isLong ? Environment.TickCount & 0xFFFF : 7;

    /// <summary>How long a soak may take until it hangs.</summary>
    public static TimeSpan SoakAtMost => s_isLong ? TimeSpan.FromHours(2.5) : TimeSpan.FromMinutes(6);

    /// <summary>For arguments.</summary>
    public static string SeedArgument => Seed.ToString(CultureInfo.InvariantCulture);
}
