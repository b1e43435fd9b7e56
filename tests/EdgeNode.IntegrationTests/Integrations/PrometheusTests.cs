using System.Text.RegularExpressions;

namespace FaceLandmark.Tests.Integrations;

/// <summary>The configuration and queries for Prometheus of <c>docs/integrations.md</c>, in a real one.</summary>
[Collection(NodeForIntegrations.Name)]
public sealed partial class PrometheusTests(NodeForIntegrations node)
{
    [Fact]
    public async Task A_real_Prometheus_collects_the_figures_and_answers_the_queries()
    {
        var folder = node.NewFolder();
        var configuration = await Snippets.WriteAsync("prometheus.yml", folder, 9464, node.HttpPort);
        await File.WriteAllTextAsync(
            configuration,
            (await File.ReadAllTextAsync(configuration, TestContext.Current.CancellationToken)).Replace(
                "5s",
                "1s",
                StringComparison.Ordinal
            ),
            TestContext.Current.CancellationToken
        );
        await using var prometheus = await Database.StartPrometheusAsync(configuration, folder);

        var queries = Snippets.LinesOf("queries.promql");
        Assert.Equal(4, queries.Length);
        foreach (var query in queries.SkipLast(1))
            await prometheus.UntilAsync(Query(query), answer => answer!["data"]!["result"]!.AsArray().Count > 0);

        // The last one finds what is wrong, and nothing is.
        await prometheus.UntilAsync(Query(queries[^1]), answer => answer!["data"]!["result"]!.AsArray().Count == 0);
        await prometheus.UntilAsync(
            Query(queries[^1].Replace("== 0", "== 1", StringComparison.Ordinal)),
            answer => answer!["data"]!["result"]!.AsArray().Count == 1
        );
    }

    [Fact]
    public async Task The_table_names_every_metric()
    {
        using var http = new HttpClient();
        var served = await http.GetStringAsync(new Uri($"http://127.0.0.1:{node.HttpPort}/metrics"), TestContext.Current.CancellationToken);
        var names = Types()
            .Matches(served)
            .Select(type => type.Groups[1].Value)
            .Append("facelandmark_temperature_celsius")
            .Distinct()
            .Order(StringComparer.Ordinal);
        var told = Snippets
            .Page.Split('\n')
            .Where(line => line.StartsWith("| `facelandmark_", StringComparison.Ordinal))
            .SelectMany(line => Names().Matches(line.Split('|')[1]).Select(name => name.Value))
            .Order(StringComparer.Ordinal);
        Assert.Equal(names, told);
    }

    private static string Query(string promql) => "/api/v1/query?query=" + Uri.EscapeDataString(promql);

    [GeneratedRegex(@"^# TYPE (\S+)", RegexOptions.Multiline)]
    private static partial Regex Types();

    [GeneratedRegex("facelandmark_[a-z_]+")]
    private static partial Regex Names();
}
