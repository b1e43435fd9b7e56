using System.Globalization;
using CsCheck;
using FaceLandmark.Platform;

namespace FaceLandmark.Tests.Fuzz;

/// <summary>
/// Has nearly right files read: the same 500 of each kind in every run; with <c>FACELANDMARK_FUZZ_SECONDS</c> others for so many seconds a
/// kind, and the smallest that fails is shown.
/// </summary>
internal static class NearlyRight
{
    private const int Files = 500;
    private static readonly int s_seconds = int.Parse(
        Environment.GetEnvironmentVariable("FACELANDMARK_FUZZ_SECONDS") ?? "0",
        CultureInfo.InvariantCulture
    );

    /// <summary>Does what may end in a sentence.</summary>
    public static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (ExplainedException)
        {
            // A sentence.
        }
    }

    /// <summary>Has the corpus and what comes of it read; any end but a sentence fails the test.</summary>
    public static void Refuse(IReadOnlyList<byte[]> corpus, Action<byte[]> read)
    {
        foreach (var file in corpus)
            Check(file);
        var files = Mutations.Of(corpus);
        if (s_seconds > 0)
            files.Sample(Check, time: s_seconds, threads: 1, print: Convert.ToBase64String);
        else
        {
            var numbers = new PCG(1, 1);
            for (var i = 0; i < Files; i++)
                Check(files.Generate(numbers, null, out _));
        }

        void Check(byte[] file)
        {
            try
            {
                Try(() => read(file));
            }
#pragma warning disable CA1031 // the point of the test
            catch (Exception other)
#pragma warning restore CA1031
            {
                Assert.Fail($"{other}\n{Convert.ToBase64String(file)}");
            }
        }
    }
}
