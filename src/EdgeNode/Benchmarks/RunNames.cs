using System.Globalization;

namespace FaceLandmark.Benchmarks;

/// <summary>What runs are called in the report.</summary>
internal static class RunNames
{
    public const string BareOneThread = "bare, one thread";
    public const string Bare = "bare";
    public const string OneThread = "one face, engine on one thread";
    public const string OneFace = "one face";
    public const string Previews = "one face, previews";
    public const string ThreeFaces = "three faces";
    public const string ThreeFacesPreviews = "three faces, previews";
    public const string Float32 = "one face, FP32";
    public const string Int8 = "one face, INT8";
    public const string OneAtATime = "one face, one frame at a time";
    public const string Live = "live, 30 frames/s";
    public const string Fast = "live, faster than the engine";
    public const string OneEngine = "whole frame, cpu";
    public const string OtherEngine = "whole frame, second engine";
    public const string BothEngines = "whole frame, balance";
    public const string Near = "broker at 0 ms";
    public const string Far = "broker at 200 ms";
    public const string Soak = "soak";

    /// <summary>Whether the times of its frames are kept one by one.</summary>
    public static bool HasCurve(string name) => name is Live or Fast or OneFace;

    /// <summary>Several cameras.</summary>
    public static string Cameras(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} cameras");

    /// <summary>Resident memory with so many cameras, in a fresh process.</summary>
    public static string Memory(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"fresh, {count} camera{(count == 1 ? "" : "s")}");

    /// <summary>A model on its own.</summary>
    public static string Model(string name, int threads) => threads == 1 ? $"{name}, one thread" : $"{name}, threads of the settings";
}
