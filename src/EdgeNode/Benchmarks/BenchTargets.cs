using System.Globalization;
using FaceLandmark.Diagnostics;

namespace FaceLandmark.Benchmarks;

/// <summary>The targets of the project, from the figures of one benchmark. Ratios are made turn by turn, and their median counts.</summary>
internal static class BenchTargets
{
    private const double SecondsAnHour = 3600;
    private const int RisingFrom = 2;

    // Within a minute, memory that comes and goes would be a hundred megabytes an hour.
    private const double RiseJudgedFromSeconds = 600;

    /// <summary>All rows, those that were not measured, too.</summary>
    public static IReadOnlyList<BenchTarget> Of(BenchReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return [.. Pipeline(report), .. Latency(report), .. Preprocess(report), .. Memory(report), .. Models(report), .. Rest(report)];
    }

    private static IEnumerable<BenchTarget> Pipeline(BenchReport report)
    {
        var (bareOne, bare) = (report.Turns(RunNames.BareOneThread), report.Turns(RunNames.Bare));
        var (oneThread, oneFace) = (report.Runs(RunNames.OneThread), report.Runs(RunNames.OneFace));
        yield return AtLeast(
            "P1a",
            "pipeline / bare engine, frames per second, engine on one thread",
            0.97,
            Median(oneThread.Zip(bareOne, (run, turn) => run.Fps / turn.Fps))
        );
        yield return AtLeast(
            "P1b",
            "pipeline / (bare engine x its share of all processor time), frames per second",
            0.97,
            Median(oneFace.Zip(bare, Share))
        );
        yield return AtLeast(
            "P1b previews",
            "the same with previews at 5 a second",
            0.94,
            Median(report.Runs(RunNames.Previews).Zip(bare, Share))
        );
        var decode = report.Steps.GetValueOrDefault("decode");
        yield return AtMost(
            "P1c",
            "processor time a frame beyond inference and decoding, ms",
            0.8,
            Median(oneThread.Zip(bareOne, (run, turn) => run.CpuMs - turn.CpuMs - decode)),
            report.Broker == "embedded" ? "broker and subscriber are another process and not in it" : null
        );

        yield return AtMost(
            "P1d",
            "processor time a frame, live at 30 frames/s / faster than the engine",
            1.5,
            Median(report.Runs(RunNames.Live).Zip(report.Runs(RunNames.Fast), (slow, fast) => slow.CpuMs / fast.CpuMs))
        );

        static double Share(NodeFigures run, BareFigures turn) => run.Fps / (turn.Fps * turn.CpuMs / (run.CpuMs + run.BrokerCpuMs));
    }

    private static IEnumerable<BenchTarget> Latency(BenchReport report)
    {
        yield return AtMost(
            "P2",
            "capture to subscriber at 30 frames/s, p99 minus the inference's p50, ms",
            5,
            Median(report.Runs(RunNames.Live).Select(run => run.P99 - run.InferenceP50))
        );
        var fast = report.Runs(RunNames.Fast);
        yield return AtMost(
            "P2b",
            "capture to subscriber p50 / time of a frame, source faster than the engine",
            2.2,
            Median(fast.Select(run => run.P50 * run.Fps / 1000))
        );
        yield return AtLeast(
            "P2b rate",
            "its frames per second / those of a file, one at a time as well",
            0.98,
            Median(fast.Zip(report.Runs(RunNames.OneAtATime), (live, file) => live.Fps / file.Fps))
        );
    }

    private static IEnumerable<BenchTarget> Preprocess(BenchReport report)
    {
        const string Missing = "OpenCV's native library is not part of the program on this processor";
        var rows = report.Preprocess.Where(row => row.Region.StartsWith("Yuy2", StringComparison.OrdinalIgnoreCase)).ToList();
        var note = rows.Count == 0 ? Missing : null;
        yield return AtLeast(
            "P3 OpenCV",
            "pre-processing of YUY2, OpenCV's time / ours, median of the regions",
            2,
            Median(rows.Select(row => row.OverOpenCv)),
            note ?? Least(rows.Min(row => row.OverOpenCv))
        );
        yield return AtLeast(
            "P3 original",
            "the same, the original's time / ours",
            8,
            Median(rows.Select(row => row.OverOriginal)),
            note ?? Least(rows.Min(row => row.OverOriginal))
        );

        static string Least(double least) => string.Create(CultureInfo.InvariantCulture, $"least of the regions {least:f2}");
    }

    private static IEnumerable<BenchTarget> Memory(BenchReport report)
    {
        yield return AtMost(
            "P4",
            "managed memory a frame, bytes",
            1024,
            Median(report.Runs(RunNames.OneFace).Select(run => run.AllocatedBytes))
        );
        var soak = report.Runs(RunNames.Soak);
        var over =
            soak.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"over {soak[0].Seconds:f1} s, {soak[0].Frames} frames");
        yield return AtMost(
            "P4 Gen2",
            "collections of generation 2 at saturation",
            0,
            Median(soak.Select(run => (double)run.Collections[2])),
            over
        );
        yield return AtMost(
            "P4 slope",
            "rise of resident memory at saturation, MB an hour",
            2,
            soak.Count > 0 && soak[0].Seconds >= RiseJudgedFromSeconds ? Slope(report.Soak) : null,
            over is null ? null : $"{over}; judged from 10 minutes on (--soak 10min)"
        );
    }

    private static IEnumerable<BenchTarget> Models(BenchReport report)
    {
        var (float32, int8) = (report.Runs(RunNames.Float32), report.Runs(RunNames.Int8));
        yield return AtLeast(
            "P5",
            "INT8 / FP32, frames per second",
            2.2,
            Median(int8.Zip(float32, (fast, slow) => fast.Fps / slow.Fps)),
            int8.Count > 0 ? null : report.Missing.GetValueOrDefault(RunNames.Int8, "the model has no 8-bit version")
        );
        yield return AtMost("P6", "start to first landmarks at the subscriber, s", 0.6, Median(report.Starts));
        yield return AtMost("P6 doctor", "doctor, s", 0.4, Median(report.Doctors));
    }

    private static IEnumerable<BenchTarget> Rest(BenchReport report)
    {
        var one = report.Runs(RunNames.OneFace);
        var counts = report.Nodes.Where(run => run.Cameras > 1 && run.Name == RunNames.Cameras(run.Cameras)).Select(run => run.Cameras);
        var ratios = counts
            .Distinct()
            .Select(count => Median(report.Runs(RunNames.Cameras(count)).Zip(one, (many, single) => many.Fps / single.Fps)))
            .ToList();
        yield return AtLeast("P7", "several cameras / one, frames per second in sum, least of the numbers", 0.95, ratios.Min());
        var fresh = report.Nodes.Where(run => run.Name == RunNames.Memory(run.Cameras)).OrderBy(run => run.Cameras).ToList();
        yield return AtMost(
            "P7 memory",
            "resident memory of each further camera, MB",
            12,
            fresh.Count < 2 ? null : (fresh[^1].ResidentMb - fresh[0].ResidentMb) / (fresh[^1].Cameras - fresh[0].Cameras)
        );

        const string NoPeer = "give the script by --peer: tests/EdgeNode.Benchmarks/peers/opencv_dnn.py";
        var note = report.Peers.Count == 0 ? NoPeer : null;
        var best = new[] { one, report.Runs(RunNames.Int8) }.MaxBy(runs => Median(runs.Select(run => run.Fps)))!;
        yield return AtLeast(
            "P8 FP32",
            "ours in FP32 / a Python script of OpenCV's DNN and the same network, frames per second",
            2,
            Median(report.Runs(RunNames.Float32).Zip(report.Peers, (ours, theirs) => ours.Fps / theirs.Fps)),
            note
        );
        yield return AtLeast(
            "P8 best",
            "our best / that script, frames per second",
            5,
            Median(best.Zip(report.Peers, (ours, theirs) => ours.Fps / theirs.Fps)),
            note
        );

        var both = report.Runs(RunNames.BothEngines);
        yield return AtLeast(
            "P9",
            "balance / sum of both engines, frames per second",
            0.95,
            Median(
                both.Zip(
                    report.Runs(RunNames.OneEngine).Zip(report.Runs(RunNames.OtherEngine)),
                    (sum, of) => sum.Fps / (of.First.Fps + of.Second.Fps)
                )
            ),
            report.Missing.GetValueOrDefault(RunNames.BothEngines)
                ?? (
                    both.Any(run => run.Engine.Contains("emulated", StringComparison.Ordinal))
                        ? "the second engine is emulated: it only waits"
                        : null
                )
        );
        yield return AtLeast(
            "P10",
            "broker at 200 ms / at 0 ms, several cameras, landmarks a second",
            0.95,
            Median(report.Runs(RunNames.Far).Zip(report.Runs(RunNames.Near), (far, near) => far.Fps / near.Fps)),
            report.Missing.GetValueOrDefault(RunNames.Far)
        );
    }

    /// <summary>
    /// Rise of memory over time: the median of the slopes between all pairs of moments (Theil and Sen), after the first fifth; null where
    /// there are too few.
    /// </summary>
    internal static double? Slope(IReadOnlyList<MemoryAt> resident)
    {
        var late = resident.Skip(Math.Min(resident.Count / 5, resident.Count - RisingFrom)).ToList();
        if (resident.Count < RisingFrom)
            return null;
        return SecondsAnHour * Spread.MedianOf(PairSlopes.Of([.. late.Select(at => (at.Seconds, at.Mebibytes))]));
    }

    private static double? Median(IEnumerable<double> values) => values.ToList() is { Count: > 0 } some ? Spread.MedianOf(some) : null;

    private static BenchTarget AtLeast(string row, string what, double want, double? value, string? note = null) =>
        new(row, what, value, string.Create(CultureInfo.InvariantCulture, $"at least {want}"), value is { } is_ ? is_ >= want : null, note);

    private static BenchTarget AtMost(string row, string what, double want, double? value, string? note = null) =>
        new(row, what, value, string.Create(CultureInfo.InvariantCulture, $"at most {want}"), value is { } is_ ? is_ <= want : null, note);
}
