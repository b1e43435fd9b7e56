using System.Security.Cryptography;
using FaceLandmark.Capture;
using FaceLandmark.ModelCards;

namespace FaceLandmark.Tests.ModelCards;

public sealed class SelfTestTests
{
    private static readonly float[] s_points = [0.1f, 0.2f, 0.3f, 0.4f];

    /// <summary>The drawing as R, G, B bytes, row after row.</summary>
    public static byte[] DrawRgb(int side)
    {
        using var pool = new FramePool();
        using var frame = pool.Rent(side, side, PixelLayout.Bgr);
        SelfTestPicture.Draw(frame);
        var rgb = frame.Data.ToArray();
        for (var i = 0; i < rgb.Length; i += 3)
            (rgb[i], rgb[i + 2]) = (rgb[i + 2], rgb[i]);
        return rgb;
    }

    [Fact]
    public void The_picture_is_the_one_that_the_scripts_draw() =>
        // sha256 of draw(64) of models/compile/self_test.py
        Assert.Equal(
            "b514104bd1c11d2849e144439a6bac670d7431629df5de8a59c3a63889eb5e1a",
            Convert.ToHexStringLower(SHA256.HashData(DrawRgb(64)))
        );

    [Theory]
    [InlineData(0.4f, null)]
    [InlineData(0.4009f, null)]
    [InlineData(0.402f, "y of point 1 is 0.402 instead of 0.4, tolerance 0.001")]
    [InlineData(float.NaN, "gives no numbers")]
    public void A_value_beyond_the_tolerance_fails(float last, string? sentence)
    {
        float[] actual = [0.1f, 0.2f, 0.3f, last];
        if (sentence is null)
            Assert.Equal(last - 0.4f, SelfTest.Check(Card(SelfTestPicture.Name, s_points, 0.001f), actual)!.Value, 6);
        else
            Assert.Contains(
                sentence,
                Assert.Throws<ModelException>(() => SelfTest.Check(Card(SelfTestPicture.Name, s_points, 0.001f), actual)).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void A_card_without_points_asks_for_numbers_only()
    {
        var card = new ModelCard
        {
            Name = "m",
            File = "m.onnx",
            Landmarks = 2,
        };
        Assert.Null(SelfTest.Check(card, s_points));
        Assert.Throws<ModelException>(() => SelfTest.Check(card, [0, 0, 0, float.PositiveInfinity]));
    }

    [Theory]
    [InlineData("drawn-face-0", 4, 0.001f)]
    [InlineData(SelfTestPicture.Name, 3, 0.001f)]
    [InlineData(SelfTestPicture.Name, 4, 0f)]
    [InlineData(SelfTestPicture.Name, 4, float.NaN)]
    public void A_self_test_that_cannot_be_carried_out_is_refused_with_its_card(string picture, int points, float tolerance)
    {
        var test = Card(picture, new float[points], tolerance).SelfTest!;
        Assert.Contains(
            "card.json has no usable selfTest",
            Assert.Throws<ModelException>(() => test.RequireUsable("card.json", 2)).Message,
            StringComparison.Ordinal
        );
    }

    private static ModelCard Card(string picture, float[] points, float tolerance) =>
        new()
        {
            Name = "m",
            File = "m.onnx",
            Landmarks = 2,
            SelfTest = new SelfTest
            {
                Picture = picture,
                Points = points,
                Tolerance = tolerance,
            },
        };
}
