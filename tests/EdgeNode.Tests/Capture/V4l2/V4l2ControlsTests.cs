using FaceLandmark.Capture.V4l2;

namespace FaceLandmark.Tests.Capture.V4l2;

public sealed class V4l2ControlsTests
{
    private static readonly V4l2Control s_brightness = new(1, "brightness", Videodev2.ControlInteger, -64, 64, 2, false, []);
    private static readonly V4l2Control s_power = new(2, "power", Videodev2.ControlMenu, 0, 3, 1, false, [(0, "Disabled"), (3, "50 Hz")]);
    private static readonly V4l2Control s_focus = new(3, "focus", Videodev2.ControlBoolean, 0, 1, 1, false, []);
    private static readonly V4l2Control s_gains = new(4, "gains", Videodev2.ControlIntegerMenu, 0, 1, 1, false, [(0, "100"), (1, "400")]);
    private static readonly V4l2Control s_privacy = new(5, "privacy", Videodev2.ControlBoolean, 0, 1, 1, true, []);
    private static readonly V4l2Control[] s_all = [s_brightness, s_power, s_focus, s_gains, s_privacy];

    [Theory]
    [InlineData("brightness", "-64", -64)]
    [InlineData("Brightness", "2", 2)]
    [InlineData("brightness", "3", null)] // between two steps
    [InlineData("brightness", "66", null)]
    [InlineData("brightness", "much", null)]
    [InlineData("power", "50 hz", 3)]
    [InlineData("power", "3", 3)]
    [InlineData("power", "1", null)] // a gap of the menu
    [InlineData("focus", "True", 1)]
    [InlineData("focus", "0", 0)]
    [InlineData("focus", "2", null)]
    [InlineData("gains", "400", 1)] // what the menu shows wins over its number
    [InlineData("privacy", "1", null)]
    public void Values_are_numbers_words_or_items(string name, string text, int? value)
    {
        var (settings, problems) = V4l2Controls.Resolve(s_all, new Dictionary<string, string> { [name] = text });

        Assert.Equal(value, settings.Select(setting => (int?)setting.Value).SingleOrDefault());
        Assert.Equal(value is null ? 1 : 0, problems.Count);
    }

    [Fact]
    public void What_governs_others_is_set_before_them()
    {
        var wanted = new Dictionary<string, string> { ["gains"] = "0", ["brightness"] = "0" };

        Assert.Equal([s_brightness, s_gains], V4l2Controls.Resolve(s_all, wanted).Settings.Select(setting => setting.Control));
    }

    [Fact]
    public void All_that_is_wrong_is_told_with_what_there_is()
    {
        var wanted = new Dictionary<string, string>
        {
            ["zoom"] = "1",
            ["brightness"] = "65",
            ["power"] = "60 Hz",
            ["privacy"] = "true",
        };

        Assert.Equal(
            [
                "has no control 'zoom', but: brightness (-64 to 64 in steps of 2); power (Disabled, 50 Hz); focus (true or false); "
                    + "gains (100, 400); privacy (read-only)",
                "cannot have '65' for its control brightness, but -64 to 64 in steps of 2",
                "cannot have '60 Hz' for its control power, but Disabled, 50 Hz",
                "has the control privacy, but it is read-only",
            ],
            V4l2Controls.Resolve(s_all, wanted).Problems
        );
    }

    [Theory]
    [InlineData("Exposure Time, Absolute", "exposure_time_absolute")]
    [InlineData("Gain", "gain")]
    [InlineData("White Balance (Auto)", "white_balance_auto")]
    public void Names_are_written_as_v4l2_ctl_does(string drivers, string name) => Assert.Equal(name, V4l2Control.NameOf(drivers));
}
