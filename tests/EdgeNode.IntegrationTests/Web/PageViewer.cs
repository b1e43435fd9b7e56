using System.Text.Json.Nodes;
using FaceLandmark.IntegrationTests.Mqtt;

namespace FaceLandmark.Tests.Web;

/// <summary>What the live page is to the node, without a browser: MQTT over its WebSocket.</summary>
internal sealed class PageViewer : IAsyncDisposable
{
    private readonly Subscriber _messages;

    private PageViewer(Subscriber messages) => _messages = messages;

    /// <summary>Connects like a page that came from this address, and subscribes to all of the node.</summary>
    public static async Task<PageViewer> StartAsync(Uri page) => new(await Subscriber.StartAsync(page));

    /// <summary>Waits for what the page needs to be alive: a picture and the landmarks of the same frame, and the node's figures.</summary>
    public async Task AliveAsync(string node, string camera)
    {
        var (pictures, landmarks, stats) = (new HashSet<string>(), new HashSet<string>(), false);
        await _messages.UntilAsync(message =>
        {
            if (message.Topic == $"{node}/cameras/{camera}/preview")
                pictures.Add(message.Properties["seq"]);
            else if (message.Topic == $"{node}/cameras/{camera}/landmarks")
                landmarks.Add(JsonNode.Parse(message.Payload)!["seq"]!.ToString());
            stats |= message.Topic == node + "/stats";
            return stats && pictures.Overlaps(landmarks);
        });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _messages.DisposeAsync();
}
