using System.Text.Json.Nodes;
using FaceLandmark.Mqtt;
using FaceLandmark.Publish;

namespace FaceLandmark.Tests.Publish;

/// <summary>Names of nodes and cameras as identifiers of Home Assistant.</summary>
public sealed class HomeAssistantIdsTests
{
    [Fact]
    public void Plain_names_are_identifiers_as_they_are() =>
        Assert.Equal(("facelandmark_node7", "front_door-2_presence"), Ids("facelandmark", "node7", "front_door-2"));

    [Theory]
    [InlineData("front door", "front_door")]
    [InlineData("玄関", "台所")]
    [InlineData("été", "ete")]
    [InlineData("a.b", "a b")]
    [InlineData("cam\U0001F600", "cam\U0001F601")]
    public void Different_cameras_stay_different(string one, string other)
    {
        Assert.NotEqual(Ids("facelandmark", "node7", one).Component, Ids("facelandmark", "node7", other).Component);
        Assert.All(
            [Ids("facelandmark", "node7", one), Ids("facelandmark", "node7", other)],
            ids => Assert.Matches("^[A-Za-z0-9_-]+$", ids.Component)
        );
    }

    [Theory]
    [InlineData("facelandmark", "居間", "facelandmark", "寝室")]
    [InlineData("site/a", "node7", "site_a", "node7")]
    public void Different_nodes_have_different_topics(string firstBase, string first, string secondBase, string second)
    {
        Assert.NotEqual(Ids(firstBase, first, "cam0").Device, Ids(secondBase, second, "cam0").Device);
        Assert.Matches("^[A-Za-z0-9_-]+$", Ids(firstBase, first, "cam0").Device);
    }

    private static (string Device, string Component) Ids(string baseTopic, string node, string camera)
    {
        var topics = new MqttTopics(baseTopic, node, [camera]);
        var message = JsonNode.Parse(HomeAssistantDevice.Of(topics).ToBytes())!;
        var id = (string)message["device"]!["identifiers"]!;
        var components = message["components"]!.AsObject();
        Assert.All(components, component => Assert.Equal($"{id}_{component.Key}", (string)component.Value!["unique_id"]!));
        return (id, components.First().Key);
    }
}
