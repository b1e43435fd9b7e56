namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>The table of brokers in docs/mqtt.md.</summary>
public sealed class BrokerTableTests
{
    [Fact]
    public async Task It_gives_each_reason_for_which_a_test_of_the_suite_is_left_out_at_a_broker()
    {
        var page = Path.Combine(Repository.Root, "docs", "mqtt.md");
        var rows = (await File.ReadAllLinesAsync(page, TestContext.Current.CancellationToken))
            .Where(line => line.StartsWith('|'))
            .ToList();
        Assert.All(
            ChosenBroker.Reasons,
            left =>
                Assert.Contains(
                    rows,
                    row =>
                        row.StartsWith($"| {left.Kind}", StringComparison.Ordinal) && row.Contains(left.Reason, StringComparison.Ordinal)
                )
        );
    }
}
