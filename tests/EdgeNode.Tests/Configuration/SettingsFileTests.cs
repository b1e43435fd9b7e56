using FaceLandmark.Configuration;

namespace FaceLandmark.Tests.Configuration;

public sealed class SettingsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("/x", "/home/a", "/x/facelandmark/appsettings.json")]
    [InlineData(null, "/home/a", "/home/a/.config/facelandmark/appsettings.json")]
    [InlineData("relative", "/home/a", "/home/a/.config/facelandmark/appsettings.json")]
    [InlineData(null, null, null)]
    public void A_user_has_a_file(string? xdg, string? home, string? expected) =>
        Assert.Equal(expected, SettingsFile.OfUser(name => name == "HOME" ? home : name == "XDG_CONFIG_HOME" ? xdg : null));

    [Fact]
    public void The_package_leads_to_its_own()
    {
        Assert.Null(SettingsFile.OfPackage(_folder));
        var beside = Path.Combine(_folder, "appsettings.json");
        File.WriteAllText(beside, "{}");
        Assert.Null(SettingsFile.OfPackage(_folder));
        File.Delete(beside);
        File.CreateSymbolicLink(beside, "/etc/facelandmark-of-the-test.json");
        Assert.Equal("/etc/facelandmark-of-the-test.json", SettingsFile.OfPackage(_folder));
    }
}
