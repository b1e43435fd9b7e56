using FaceLandmark.Tests.Dispatch;

namespace FaceLandmark.Tests.Publish;

/// <summary>What <c>Privacy:Preview</c> leaves alone.</summary>
public sealed class PrivacyTests
{
    [Theory]
    [InlineData("on")]
    [InlineData("blur")]
    [InlineData("points")]
    [InlineData("off")]
    public async Task Landmarks_are_published_whatever_becomes_of_the_pictures(string preview)
    {
        await using var node = await DispatchedNode.StartAsync("cpu", ("Privacy:Preview", preview), ("Preview:Enabled", "true"));
        var report = await node.RunAsync(frames: 10);
        Assert.Equal((10, 10), (report.Frames, report.Published));
        var faces = node.On("landmarks").SelectMany(message => message.GetProperty("faces").EnumerateArray()).ToList();
        Assert.NotEmpty(faces);
        Assert.All(faces, face => Assert.Equal(98, face.GetProperty("points").GetArrayLength()));
    }
}
