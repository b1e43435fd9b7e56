using System.Globalization;
using System.Text;

namespace FaceLandmark.Benchmarks;

/// <summary>The report as tables for people.</summary>
internal static class BenchTable
{
    /// <summary>All of it, without a line feed at the end.</summary>
    public static string Of(BenchReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{report.Machine}; broker {report.Broker}; {report.Plan} benchmark\n");
        if (report.Machine.IsBusy)
            text.Append("The machine was busy before the benchmark: times are longer than they need be, and ratios are uncertain.\n");
        Nodes(text, report);
        Bare(text, report);
        Steps(text, report);
        Preprocess(text, report);
        Others(text, report);
        Targets(text, report);
        return text.ToString().TrimEnd('\n');
    }

    private static void Nodes(StringBuilder text, BenchReport report)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{"node: medians",-30}{"frames/s",9}{"least - most",16}{"CPU ms",8}{"broker",8}{"bytes",8}{"switches",9}{"wait",7}{"p50",7}"
                + $"{"p95",7}{"p99 ms",8}{"MB",6}\n"
        );
        foreach (var runs in report.Nodes.GroupBy(run => run.Name))
        {
            var fps = Spread.Of(runs.Select(run => run.Fps));
            text.Append(
                CultureInfo.InvariantCulture,
                $"{runs.Key,-30}{fps.Median,9:f1}{$"{fps.Least:f1} - {fps.Most:f1}",16}{Median(run => run.CpuMs),8:f2}"
                    + $"{Median(run => run.BrokerCpuMs),8:f2}{Median(run => run.AllocatedBytes),8:f0}{Median(run => run.Switches),9:f1}"
                    + $"{Median(run => run.WaitP50),7:f2}{Median(run => run.P50),7:f1}{Median(run => run.P95),7:f1}"
                    + $"{Median(run => run.P99),8:f1}{Median(run => run.ResidentMb),6:f0}\n"
            );

            double Median(Func<NodeFigures, double> figure) => Spread.MedianOf(runs.Select(figure));
        }

        var collections = Enumerable.Range(0, 3).Select(generation => report.Nodes.Sum(run => run.Collections[generation]));
        text.Append(
            CultureInfo.InvariantCulture,
            $"garbage collections of all runs (generations 0, 1, 2): {string.Join(", ", collections)} in "
                + $"{report.Nodes.Sum(run => run.Seconds):f0} s\n"
        );
        foreach (
            var engine in report
                .Nodes.Select(run => run.Engine)
                .Where(name => name.Contains("emulated", StringComparison.Ordinal))
                .Distinct()
        )
            text.Append(CultureInfo.InvariantCulture, $"second engine: {engine}\n");
    }

    private static void Bare(StringBuilder text, BenchReport report)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{"network alone: medians",-48}{"a second",9}{"least - most",16}{"CPU ms",8}\n");
        foreach (var turns in report.Bare.GroupBy(turn => turn.Name))
        {
            var fps = Spread.Of(turns.Select(turn => turn.Fps));
            text.Append(
                CultureInfo.InvariantCulture,
                $"{turns.Key,-48}{fps.Median,9:f1}{$"{fps.Least:f1} - {fps.Most:f1}",16}"
                    + $"{Spread.MedianOf(turns.Select(turn => turn.CpuMs)),8:f2}\n"
            );
        }

        foreach (var peer in report.Peers.Take(1))
            text.Append(
                CultureInfo.InvariantCulture,
                $"{"Python script, whole way",-48}{Spread.MedianOf(report.Peers.Select(run => run.Fps)),9:f1}{"",16}"
                    + $"{Spread.MedianOf(report.Peers.Select(run => run.CpuMs)),8:f2}\n"
            );
    }

    private static void Steps(StringBuilder text, BenchReport report)
    {
        text.Append("\nprocessor time of the steps, ms a frame, one after the other on one thread\n");
        foreach (var name in StepsTrial.Names.Where(report.Steps.ContainsKey))
            text.Append(CultureInfo.InvariantCulture, $"  {name,-28}{report.Steps[name],8:f3}\n");
        var sum = StepsTrial.Names.Sum(name => report.Steps.GetValueOrDefault(name));
        text.Append(CultureInfo.InvariantCulture, $"  {"sum",-28}{sum,8:f3}\n");
        if (report.Runs(RunNames.OneThread) is { Count: > 0 } node)
        {
            var all = Spread.MedianOf(node.Select(run => run.CpuMs));
            text.Append(
                CultureInfo.InvariantCulture,
                $"  {"a node with the same threads",-28}{all,8:f3}  ({all - sum:f3} to hand over, send, ...)\n"
            );
            text.Append(
                CultureInfo.InvariantCulture,
                $"  {"broker and subscriber",-28}{Spread.MedianOf(node.Select(run => run.BrokerCpuMs)),8:f3}\n"
            );
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"  beside them: a JPEG of a camera decoded {report.Steps.GetValueOrDefault(StepsTrial.DecodeJpeg):f3}, "
                + $"a preview encoded {report.Steps.GetValueOrDefault(StepsTrial.Preview):f3}\n"
        );
    }

    private static void Preprocess(StringBuilder text, BenchReport report)
    {
        if (report.Preprocess.Count == 0)
            return;
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{"pre-processing of a region",-34}{"ours",10}{"OpenCV",10}{"original",11}   OpenCV/ours  original/ours\n"
        );
        foreach (var row in report.Preprocess)
            text.Append(
                CultureInfo.InvariantCulture,
                $"{row.Region,-34}{row.Ours,7:f0} µs{row.OpenCv,7:f0} µs{row.Original,8:f0} µs{row.OverOpenCv,14:f2}"
                    + $"{row.OverOriginal,15:f1}\n"
            );
    }

    private static void Others(StringBuilder text, BenchReport report)
    {
        text.Append('\n');
        if (report.Starts.Count > 0)
            Line("start to first landmarks", report.Starts);
        if (report.Doctors.Count > 0)
            Line("doctor", report.Doctors);
        foreach (var (name, why) in report.Missing)
            text.Append(CultureInfo.InvariantCulture, $"not measured: {name}: {why}\n");

        void Line(string name, IReadOnlyList<double> seconds)
        {
            var spread = Spread.Of(seconds);
            text.Append(CultureInfo.InvariantCulture, $"{name,-30}{spread.Median:f2} s ({spread.Least:f2} - {spread.Most:f2})\n");
        }
    }

    private static void Targets(StringBuilder text, BenchReport report)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{"target",-14}{"value",9}  {"wanted",-15}{"",-9}what\n");
        foreach (var row in report.Targets)
        {
            var verdict = row.Met switch
            {
                true => "met",
                false => "missed",
                null => "none",
            };
            text.Append(
                CultureInfo.InvariantCulture,
                $"{row.Row,-14}{row.Value,9:f3}  {row.Want,-15}{verdict,-9}{row.What}{(row.Note is null ? "" : $" ({row.Note})")}\n"
            );
        }

        var missed = report.Targets.Where(row => row.Met == false).Select(row => row.Row).ToList();
        var open = report.Targets.Where(row => row.Met is null).Select(row => row.Row).ToList();
        text.Append(missed.Count == 0 ? "No measured target is missed." : $"Missed: {string.Join(", ", missed)}.");
        text.Append(open.Count == 0 ? "\n" : $" Not measured: {string.Join(", ", open)}.\n");
    }
}
