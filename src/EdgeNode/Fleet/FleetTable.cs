using System.Globalization;
using Spectre.Console;

namespace FaceLandmark.Fleet;

/// <summary>The report as a table for a terminal.</summary>
internal static class FleetTable
{
    /// <summary>Draws it.</summary>
    public static Table Of(FleetReport report)
    {
        var table = new Table()
            .Border(TableBorder.Rounded)
            .Title(
                Inert(
                    $"{report.Nodes.Count} node{(report.Nodes.Count == 1 ? "" : "s")} below {report.BaseTopic} at {report.Broker}, "
                        + $"{report.Online} online, {(report.WithProblems == 0 ? "all well" : $"{report.WithProblems} with a problem")}"
                )
            );
        foreach (var title in new[] { "node", "status", "cameras", "fps", "latency ms", "dropped", "mode", "model", "version", "age" })
            table.AddColumn(title is "fps" or "latency ms" or "dropped" or "age" ? new TableColumn(title).RightAligned() : new(title));
        foreach (var node in report.Nodes)
        {
            table.AddRow(
                Inert(node.Node),
                $"[{Colour(node)}]{Inert(node.Status)}[/]",
                Inert(string.Join(", ", node.Cameras.Select(camera => $"{camera.Name} {camera.State ?? "unknown"}"))),
                Inert(node.FpsOut is { } fps ? fps.ToString("0.0", CultureInfo.InvariantCulture) : "-"),
                Inert(
                    node.LatencyMs is { } latency
                        ? string.Create(CultureInfo.InvariantCulture, $"{latency:0.0} / {node.LatencyP99Ms ?? 0:0.0}")
                        : "-"
                ),
                Inert(node.Dropped?.ToString(CultureInfo.InvariantCulture) ?? "-"),
                Inert(node.Dispatch ?? "-"),
                Inert(node.Model ?? "-"),
                Inert(node.Version ?? "-"),
                Inert(node.AgeSeconds is { } age ? Age(age) : "-")
            );
            foreach (var problem in node.Problems)
                table.AddRow("", "", $"[{Colour(node)}]{Inert(problem)}[/]");
        }

        return table;
    }

    private static string Colour(FleetNode node) =>
        node.Status == "offline" ? "red"
        : node.Problems.Count > 0 ? "yellow"
        : node.Status == FleetWatch.Online ? "green"
        : "grey";

    private static string Age(double seconds) =>
        seconds switch
        {
            < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
            < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
            < 172800 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0} h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86400:0} d"),
        };

    // Names and causes come from the network: nothing in them may steer the terminal.
    private static string Inert(string text) => Markup.Escape(string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter)));
}
