using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FaceLandmark.IntegrationTests.Mqtt;

namespace FaceLandmark.Tests.Integrations;

/// <summary>What <c>docs/integrations.md</c> says of Home Assistant, against what the node really announces and sends.</summary>
[Collection(NodeForIntegrations.Name)]
public sealed partial class HomeAssistantTests(NodeForIntegrations node)
{
    [Fact]
    public async Task The_announcement_refers_to_messages_that_come_and_its_templates_fit_them()
    {
        var device = await AnnouncementAsync();
        foreach (var component in Components(device))
        {
            var (topic, message) = await MessageAsync((string)(component["state_topic"] ?? component["topic"])!);
            var rendered = component["value_template"] is { } template ? await Conversion.RenderAsync((string)template!, message) : topic;
            Assert.Matches(
                (string)component["platform"]! switch
                {
                    "binary_sensor" => "^(ON|OFF)$",
                    "camera" => "/preview$",
                    _ => (string?)component["state_class"] == "measurement" ? @"^\d+$" : "^streaming$",
                },
                rendered
            );
        }

        var (_, status) = await MessageAsync((string)device["availability_topic"]!);
        Assert.Equal("online", await Conversion.RenderAsync((string)device["availability_template"]!, status));
        Assert.Equal("offline", await Conversion.RenderAsync((string)device["availability_template"]!, "stopped"));
    }

    [Fact]
    public async Task The_entities_and_topics_of_the_page_are_those_of_the_announcement()
    {
        var device = await AnnouncementAsync();
        var entities = Components(device)
            .Select(component => $"{component["platform"]}.{Slug($"{device["device"]!["name"]} {component["name"]}")}")
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.Equal(entities, EntityRows().Matches(Snippets.Page).Select(row => row.Groups[1].Value).Order(StringComparer.Ordinal));

        var automations = (await Conversion.YamlToJsonAsync(Snippets.Of("automations.yaml"))).AsArray();
        var state = automations[0]!["triggers"]![0]!;
        Assert.Contains((string)state["entity_id"]!, entities);
        var appeared = automations[1]!["triggers"]![0]!;
        await using var events = await Subscriber.StartAsync(node.Port, (string)appeared["topic"]!);
        var message = await events.NextAsync();
        Assert.Matches("^[a-zA-Z]+$", await Conversion.RenderAsync((string)appeared["value_template"]!, message.Text));
        Assert.Contains(
            (string)appeared["payload"]!,
            await File.ReadAllTextAsync(
                Path.Combine(Repository.Root, "docs", "schemas", "event.schema.json"),
                TestContext.Current.CancellationToken
            ),
            StringComparison.Ordinal
        );

        var picture = automations[1]!["actions"]![0]!["data"]!;
        await using var answers = await Subscriber.StartAsync(node.Port, NodeForIntegrations.Base + "/response/snapshot");
        await answers.PublishAsync((string)picture["topic"]!, (string)picture["payload"]!);
        Assert.Equal("ok", (string)JsonNode.Parse((await answers.NextAsync()).Payload)!["status"]!);
    }

    private async Task<JsonNode> AnnouncementAsync() =>
        JsonNode.Parse((await MessageAsync("homeassistant/device/facelandmark_node7/config")).Message)!;

    private async Task<(string Topic, string Message)> MessageAsync(string topic)
    {
        await using var subscriber = await Subscriber.StartAsync(node.Port, topic);
        var message = await subscriber.NextAsync();
        return (message.Topic, topic.EndsWith("/preview", StringComparison.Ordinal) ? "" : message.Text);
    }

    private static List<JsonNode> Components(JsonNode device) =>
        [.. device["components"]!.AsObject().Select(component => component.Value!)];

    private static string Slug(string name) => NoLetter().Replace(name.ToLowerInvariant(), "_");

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NoLetter();

    [GeneratedRegex(@"^\| `((binary_sensor|sensor|camera)\.[a-z0-9_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex EntityRows();
}
