namespace FaceLandmark.Tests.Integrations;

public sealed class PageTests
{
    [Fact]
    public void Every_block_is_run_by_a_test_or_says_that_it_is_not()
    {
        Assert.Equal(
            [
                "command.py",
                "faces.cs",
                "faces.mjs",
                "faces.py",
                "panels.influxql",
                "preview.mjs",
                "prometheus.yml",
                "queries.promql",
                "shell",
            ],
            Snippets.Names(areRun: true)
        );
        Assert.Equal(["automations.yaml", "collector.yaml", "influxdb2.conf", "telegraf.conf"], Snippets.Names(areRun: false));
        var fences = Snippets.Page.Split('\n').Count(line => line.StartsWith("```", StringComparison.Ordinal));
        Assert.Equal(2 * (Snippets.Names(areRun: true).Length + Snippets.Names(areRun: false).Length), fences);
    }
}
