using FaceLandmark.CommandLine;

namespace FaceLandmark.Tests.CommandLine;

public sealed class SettingArgumentsTests
{
    [Fact]
    public void Settings_are_parted_from_the_rest()
    {
        var (settings, rest) = SettingArguments.Split([
            "run",
            "--Mqtt:Host=a=b",
            "--frames",
            "3",
            "--Mqtt:Port",
            "1884",
            "rtsp://x:1/y",
            "--source=http://z:2/",
        ]);
        Assert.Equal(["run", "--frames", "3", "rtsp://x:1/y", "--source=http://z:2/"], rest);
        Assert.Equal([("Mqtt:Host", "a=b"), ("Mqtt:Port", "1884")], settings.Select(setting => (setting.Key, setting.Value!)));
    }

    [Fact]
    public void Nothing_after_two_dashes_is_a_setting()
    {
        var (settings, rest) = SettingArguments.Split(["--A:B=1", "image", "--", "--Mqtt:Host=x.jpg", "--", "--C:D"]);

        Assert.Equal(["image", "--", "--Mqtt:Host=x.jpg", "--", "--C:D"], rest);
        Assert.Equal(["A:B"], settings.Keys);
    }

    [Fact]
    public void The_last_of_two_counts() => Assert.Equal("2", SettingArguments.Split(["--A:B=1", "--a:b=2"]).Settings["A:B"]);
}
