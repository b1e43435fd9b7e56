using System.Text;
using System.Text.RegularExpressions;

namespace FaceLandmark.Tests.Integrations;

/// <summary>What <c>docs/integrations.md</c> says of OpenTelemetry, against what the node really sends.</summary>
[Collection(NodeForIntegrations.Name)]
public sealed partial class OpenTelemetryTests(NodeForIntegrations node)
{
    [Fact]
    public async Task Every_instrument_of_the_table_is_sent_and_no_other()
    {
        var told = Snippets
            .Page.Split('\n')
            .Where(line => line.StartsWith("| `facelandmark.", StringComparison.Ordinal))
            .SelectMany(line => Names().Matches(line.Split('|')[1]).Select(name => name.Value))
            .Order(StringComparer.Ordinal)
            .ToList();
        List<string> sent;
        do
        {
            var request = await node.OtlpReceiver.GetContextAsync().InTimeAsync();
            Assert.Equal(("application/x-protobuf", "/v1/metrics"), (request.Request.ContentType, request.Request.Url!.AbsolutePath));
            using var reader = new StreamReader(request.Request.InputStream, Encoding.Latin1);
            sent =
            [
                .. Names()
                    .Matches(await reader.ReadToEndAsync(TestContext.Current.CancellationToken))
                    .Select(name => name.Value)
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ];
            request.Response.Close();
        } while (sent.Count < told.Count); // the first may come before the first frame, and before a drop
        Assert.Equal(told, sent);
    }

    [Fact]
    public async Task The_collector_listens_where_the_node_is_told_to_send()
    {
        var collector = await Conversion.YamlToJsonAsync(Snippets.Of("collector.yaml"));
        Assert.Contains(
            $"--Diagnostics:OtlpEndpoint=http://{collector["receivers"]!["otlp"]!["protocols"]!["http"]!["endpoint"]}/v1/metrics`",
            Snippets.Page,
            StringComparison.Ordinal
        );
        var metrics = collector["service"]!["pipelines"]!["metrics"]!;
        Assert.Equal(("otlp", "debug"), ((string)metrics["receivers"]![0]!, (string)metrics["exporters"]![0]!));
        Assert.NotNull(collector["exporters"]!["debug"]);
    }

    [GeneratedRegex(@"facelandmark(\.[a-z_]+)+")]
    private static partial Regex Names();
}
