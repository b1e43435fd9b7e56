using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FaceLandmark.Diagnostics;
using FaceLandmark.Platform;

namespace FaceLandmark.Tests.Integrations;

/// <summary><c>deploy/monitoring</c>: the alerts and the dashboard against a running node and a real Prometheus.</summary>
[Collection(NodeForIntegrations.Name)]
public sealed partial class MonitoringTests(NodeForIntegrations node)
{
    private const string Promtool = "build/integrations/usr/bin/promtool";
    private static readonly string s_folder = Path.Combine(Repository.Root, "deploy", "monitoring");
    private static readonly JsonNode s_dashboard = JsonNode.Parse(
        File.ReadAllText(Path.Combine(s_folder, "grafana", "dashboards", "facelandmark.json"))
    )!;

    [Fact]
    public async Task Every_metric_and_label_is_one_that_the_node_serves()
    {
        using var http = new HttpClient();
        var served = await http.GetStringAsync(new Uri($"http://127.0.0.1:{node.HttpPort}/metrics"), TestContext.Current.CancellationToken);
        var series = Series(served);
        var rules = (await RulesAsync()).Select(rule => (string)rule["expr"]!).ToList();
        Assert.Equal(13, rules.Count);
        var queries = rules.Concat(Queries()).ToList();
        Assert.True(queries.Count > 30);
        foreach (var query in queries)
        {
            var names = Names().Matches(query).Select(name => name.Value).ToList();
            Assert.True(names.Count > 0 || query.StartsWith("up{", StringComparison.Ordinal), query);
            foreach (var name in names)
                Assert.True(series.ContainsKey(name), $"The node serves no {name}: {query}");
            foreach (Match selector in Selectors().Matches(query))
            {
                foreach (Match matcher in Matchers().Matches(selector.Groups[2].Value))
                    AssertLabel(series[selector.Groups[1].Value], matcher, query);
            }

            var known = series.Values.SelectMany(labels => labels.Keys).Concat(["instance", "job"]).ToHashSet();
            foreach (Match by in Groups().Matches(query))
                Assert.Subset(known, by.Groups[1].Value.Split(", ").ToHashSet());
        }

        // And the other way round: nothing that the node serves is left out of the dashboard.
        var shown = Queries().SelectMany(query => Names().Matches(query)).Select(name => name.Value).ToHashSet();
        Assert.Subset(shown, series.Keys.ToHashSet());
    }

    [Fact]
    public async Task A_real_Prometheus_takes_the_rules_and_answers_every_query_of_the_dashboard()
    {
        var folder = node.NewFolder();
        File.Copy(Path.Combine(s_folder, "alerts.yml"), Path.Combine(folder, "alerts.yml"));
        var configuration = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(
            configuration,
            (await File.ReadAllTextAsync(Path.Combine(s_folder, "prometheus.yml"), TestContext.Current.CancellationToken))
                .Replace("127.0.0.1:9464", $"127.0.0.1:{node.HttpPort}", StringComparison.Ordinal)
                .Replace("scrape_interval: 5s", "scrape_interval: 1s", StringComparison.Ordinal)
                .Replace("evaluation_interval: 15s", "evaluation_interval: 1s", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        await using var prometheus = await Database.StartPrometheusAsync(configuration, folder);
        foreach (var query in Queries().Where(query => !query.Contains("temperature", StringComparison.Ordinal)))
            await prometheus.UntilAsync(Query(query), answer => answer!["data"]!["result"]!.AsArray().Count > 0);
        await prometheus.UntilAsync(
            "/api/v1/rules",
            answer =>
            {
                var rules = answer!["data"]!["groups"]![0]!["rules"]!.AsArray();
                return rules.Count == 13 && rules.All(rule => (string)rule!["health"]! == "ok");
            }
        );
    }

    [Fact]
    public async Task The_rules_pass_their_own_tests()
    {
        var promtool = Path.Combine(Repository.Root, Promtool);
        if (!File.Exists(promtool))
            Assert.Skip("There is no promtool: ./test.sh fetches Debian's prometheus.");
        await RunningProgram.OutputOfAsync(promtool, "check", "config", Path.Combine(s_folder, "prometheus.yml"));
        await RunningProgram.OutputOfAsync(promtool, "check", "rules", Path.Combine(s_folder, "alerts.yml"));
        await RunningProgram.OutputOfAsync(promtool, "test", "rules", Path.Combine(s_folder, "alerts.test.yml"));

        var tested = await File.ReadAllTextAsync(Path.Combine(s_folder, "alerts.test.yml"), TestContext.Current.CancellationToken);
        foreach (var rule in await RulesAsync())
        {
            var name = (string)rule["alert"]!;
            Assert.NotNull(rule["for"]);
            Assert.NotNull(rule["annotations"]!["summary"]);
            Assert.NotNull(rule["annotations"]!["description"]);
            Assert.Contains($"alertname: {name}\n        exp_alerts:", tested, StringComparison.Ordinal);
            Assert.Contains($"alertname: {name} }}", tested, StringComparison.Ordinal);
            Assert.Contains($"`{name}`", Snippets.Page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_dashboard_is_whole_and_finds_its_data_source()
    {
        var provisioning = Path.Combine(s_folder, "grafana", "provisioning");
        var source = (await Yaml(Path.Combine(provisioning, "datasources", "facelandmark.yml")))["datasources"]![0]!;
        var provider = (await Yaml(Path.Combine(provisioning, "dashboards", "facelandmark.yml")))["providers"]![0]!;
        var compose = (await Yaml(Path.Combine(s_folder, "compose.yaml")))["services"]!;
        Assert.Contains(
            $"./grafana/dashboards:{provider["options"]!["path"]}:ro",
            compose["grafana"]!["volumes"]!.AsArray().Select(volume => (string)volume!)
        );
        var panels = s_dashboard["panels"]!.AsArray();
        Assert.Equal(panels.Count, panels.Select(panel => (int)panel!["id"]!).Distinct().Count());
        var sources = panels
            .Concat(panels.SelectMany(panel => panel!["targets"]!.AsArray()))
            .Concat(s_dashboard["templating"]!["list"]!.AsArray())
            .Select(user => (string)user!["datasource"]!["uid"]!);
        Assert.Equal([(string)source["uid"]!], sources.Distinct());
        var cells = panels.SelectMany(panel => Cells(panel!["gridPos"]!)).ToList();
        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.InRange(cell.X, 0, 23));
    }

    private static void AssertLabel(Dictionary<string, HashSet<string>> labels, Match matcher, string query)
    {
        var (name, values) = (matcher.Groups[1].Value, matcher.Groups[2].Value.Split('|'));
        if (name is "instance" or "job")
            return;
        Assert.True(labels.ContainsKey(name) || name is "place" or "reason", $"There is no label {name}: {query}");
        // What was not dropped yet has no line.
        HashSet<string> known = name switch
        {
            "place" => [.. Enum.GetValues<DropPlace>().Select(place => place.Word())],
            "reason" => [.. Enum.GetValues<DropReason>().Select(reason => reason.Word())],
            _ => labels[name],
        };
        Assert.Subset(known, values.ToHashSet());
    }

    private static Dictionary<string, Dictionary<string, HashSet<string>>> Series(string served)
    {
        var series = Types()
            .Matches(served)
            .Select(type => type.Groups[1].Value)
            .Append("facelandmark_temperature_celsius") // where the machine reports it
            .Distinct()
            .ToDictionary(name => name, _ => new Dictionary<string, HashSet<string>>());
        foreach (Match sample in Samples().Matches(served))
        {
            foreach (Match label in Matchers().Matches(sample.Groups[2].Value))
            {
                var labels = series[sample.Groups[1].Value];
                labels.TryAdd(label.Groups[1].Value, []);
                labels[label.Groups[1].Value].Add(label.Groups[2].Value);
            }
        }

        return series;
    }

    private static IEnumerable<string> Queries() =>
        s_dashboard["panels"]!.AsArray().SelectMany(panel => panel!["targets"]!.AsArray()).Select(target => (string)target!["expr"]!);

    private static string Query(string query) =>
        "/api/v1/query?query="
        + Uri.EscapeDataString(
            query.Replace("$instance", ".*", StringComparison.Ordinal).Replace("$__rate_interval", "1m", StringComparison.Ordinal)
        );

    private static IEnumerable<(int X, int Y)> Cells(JsonNode place) =>
        from x in Enumerable.Range((int)place["x"]!, (int)place["w"]!)
        from y in Enumerable.Range((int)place["y"]!, (int)place["h"]!)
        select (x, y);

    private static async Task<List<JsonNode>> RulesAsync() =>
        [.. (await Yaml(Path.Combine(s_folder, "alerts.yml")))["groups"]![0]!["rules"]!.AsArray().Select(rule => rule!)];

    private static async Task<JsonNode> Yaml(string path) => await Conversion.YamlToJsonAsync(await File.ReadAllTextAsync(path));

    [GeneratedRegex("facelandmark_[a-z_]+")]
    private static partial Regex Names();

    [GeneratedRegex(@"(facelandmark_[a-z_]+)\{([^}]*)\}")]
    private static partial Regex Selectors();

    [GeneratedRegex(@"([a-z]+)(?:=~|!~|!=|=)""([^""]*)""")]
    private static partial Regex Matchers();

    [GeneratedRegex(@"(?:by|on) \(([^)]*)\)")]
    private static partial Regex Groups();

    [GeneratedRegex(@"^# TYPE (\S+)", RegexOptions.Multiline)]
    private static partial Regex Types();

    [GeneratedRegex(@"^(facelandmark_[a-z_]+)\{(.*)\} ", RegexOptions.Multiline)]
    private static partial Regex Samples();
}
