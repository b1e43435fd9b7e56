using System.Runtime.Versioning;
using FaceLandmark.Configuration;
using FaceLandmark.Setup;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Setup;

[SupportedOSPlatform("linux")]
public sealed class SetupWriterTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Old = "{\n  // mine\n  \"Web\": { \"Port\": 0 }\n}\n";
    private readonly string _folder = Directory.CreateTempSubdirectory("setup-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 7, 1, 12, 30, 15, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Settings_are_written_with_what_they_replace_and_the_old_ones_stay_beside_them()
    {
        File.WriteAllText(Settings, Old);
        File.SetUnixFileMode(Settings, OwnerOnly | UnixFileMode.GroupRead);
        var draft = Named("door");
        Assert.Equal([(Settings, Settings + ".20260701T123015Z.bak")], new SetupWriter(_time).Write(draft));
        Assert.Equal(
            "// Written by facelandmark configure at 2026-07-01 12:30 UTC: Node:Name was (empty).\n"
                + "{\n  // mine\n  \"Web\": { \"Port\": 0 },\n  \"Node\": {\n    \"Name\": \"door\"\n  }\n}\n",
            File.ReadAllText(Settings)
        );
        Assert.Equal(OwnerOnly | UnixFileMode.GroupRead, File.GetUnixFileMode(Settings));
        Assert.Equal(Old, File.ReadAllText(Settings + ".20260701T123015Z.bak"));

        _time.Advance(TimeSpan.FromMinutes(1));
        draft = new SetupDraft(Settings, draft.After) { Answers = Named("hall").Answers };
        new SetupWriter(_time).Write(draft);
        Assert.StartsWith(
            "// Written by facelandmark configure at 2026-07-01 12:31 UTC: Node:Name was door.\n{\n  // mine",
            File.ReadAllText(Settings),
            StringComparison.Ordinal
        );
        Assert.Equal(3, Directory.GetFiles(_folder).Length);
        Assert.Equal("hall", new ConfigurationSources(Settings).Load().Node.Name);
    }

    [Fact]
    public void A_password_goes_into_a_file_that_only_its_owner_reads()
    {
        new SetupWriter(_time).Write(WithPassword(Named("door")));
        var file = Path.Combine(_folder, "mqtt.password");
        Assert.Equal((OwnerOnly, "s3cret\n"), (File.GetUnixFileMode(file), File.ReadAllText(file)));
        Assert.DoesNotContain("s3cret", File.ReadAllText(Settings), StringComparison.Ordinal);
        Assert.Equal(file, new ConfigurationSources(Settings).Load().Mqtt.PasswordFile);
    }

    [Fact]
    public void An_address_with_an_account_makes_the_settings_its_owners_alone()
    {
        File.WriteAllText(Settings, Old);
        var draft = Named("door");
        draft = draft with { Answers = draft.Answers with { Cameras = [new() { Source = "rtsp://u:s3cret@cam.lan/1" }] } };
        new SetupWriter(_time).Write(draft);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Settings));
        draft = new SetupDraft(Settings, draft.After) { Answers = draft.Answers with { Cameras = [new()] } };
        new SetupWriter(_time).Write(draft);
        Assert.DoesNotContain("s3cret", File.ReadAllText(Settings), StringComparison.Ordinal); // nor in what it says of the one before
    }

    [Fact]
    public void When_the_settings_cannot_be_written_the_password_is_as_it_was()
    {
        Directory.CreateDirectory(Settings); // in the place of the file
        var file = Path.Combine(_folder, "mqtt.password");
        File.WriteAllText(file, "before\n");
        Assert.ThrowsAny<Exception>(() => new SetupWriter(_time).Write(WithPassword(Named("door"))));
        Assert.Equal("before\n", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_link_to_the_settings_stays_one()
    {
        var real = Path.Combine(_folder, "real.json");
        File.WriteAllText(real, Old);
        File.CreateSymbolicLink(Settings, real);
        new SetupWriter(_time).Write(Named("door"));
        Assert.Equal(real, new FileInfo(Settings).LinkTarget);
        Assert.Contains("door", File.ReadAllText(real), StringComparison.Ordinal);
    }

    private string Settings => Path.Combine(_folder, "appsettings.json");

    private SetupDraft Named(string name)
    {
        var before = new EdgeNodeOptions { Cameras = [new()] };
        return new SetupDraft(Settings, before) { Answers = before with { Node = before.Node with { Name = name } } };
    }

    private static SetupDraft WithPassword(SetupDraft draft) =>
        draft with
        {
            Answers = draft.Answers with { Mqtt = draft.Answers.Mqtt with { Host = "b", User = "u", Password = "s3cret" } },
        };
}
