using FaceLandmark.Configuration;
using FaceLandmark.Locate;
using Microsoft.Extensions.Configuration;

namespace FaceLandmark.Tests.Configuration;

public sealed class ConfigurationSourcesTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"facelandmark-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Appsettings_shows_every_key_with_the_default_of_the_code()
    {
        var code = new EdgeNodeOptions { Cameras = [new FaceLandmark.Capture.CameraOptions()] };
        var shipped = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json")).Build();
        var settings = shipped.AsEnumerable().Where(setting => setting.Value is not null);
        var errors = new List<string>();
        var written = OptionsTree.Normalise(settings, errors);

        Assert.Empty(errors);
        var expected = OptionsTree.Flatten(code).ToDictionary(setting => setting.Key, setting => setting.Value);
        Assert.Equal(
            expected.OrderBy(setting => setting.Key),
            written.ToDictionary(setting => setting.Key, setting => setting.Value!).OrderBy(setting => setting.Key)
        );
    }

    [Fact]
    public void The_command_line_wins_over_the_file_and_the_file_over_the_defaults()
    {
        File.WriteAllText(_file, """{ "Mqtt": { "Port": 1884, "Host": "broker" }, "Locate": { "Mode": "full-frame" } }""");
        var options = new ConfigurationSources(_file, new Dictionary<string, string?> { ["Mqtt:Port"] = "1885" }).Load();
        Assert.Equal(("broker", 1885, LocateMode.FullFrame), (options.Mqtt.Host, options.Mqtt.Port, options.Locate.Mode));
    }

    [Theory]
    [InlineData("""{ "Cameras": [ { "Controls": { "white_balance": "On", "gain": 7 } } ] }""", "white_balance=On gain=7")]
    [InlineData("""{ "Cameras": [ { "Controls": {} } ] }""", "")]
    public void Controls_of_a_camera_are_names_with_values(string file, string controls)
    {
        File.WriteAllText(_file, file);

        var camera = Assert.Single(new ConfigurationSources(_file).Load().Cameras);

        var written = camera.Controls.Select(control => $"{control.Key}={control.Value}");
        Assert.Equal(controls.Split(' ').Order(), string.Join(' ', written).Split(' ').Order());
        var flat = OptionsTree.Flatten(camera).Where(setting => setting.Key.StartsWith("Controls:", StringComparison.Ordinal));
        Assert.Equal(camera.Controls.Count, flat.Count());
    }

    [Fact]
    public void A_source_stands_for_the_one_camera()
    {
        File.WriteAllText(
            _file,
            """{ "Cameras": [ { "Name": "door", "Source": "/dev/video0" }, { "Name": "hall", "Source": "/dev/video1" } ] }"""
        );
        var options = new ConfigurationSources(_file, new Dictionary<string, string?> { ["Cameras:0:Fps"] = "10" }, "demo").Load();
        var camera = Assert.Single(options.Cameras);
        Assert.Equal(("cam0", "demo", 10.0), (camera.Name, camera.Source, camera.Fps));
    }

    [Fact]
    public void A_node_without_a_name_takes_the_hosts() =>
        Assert.Equal(Environment.MachineName, new ConfigurationSources().Load().Node.Name);

    [Theory]
    [InlineData(null, "is missing: correct --config.")]
    [InlineData("{ \"Mqtt\": ", "cannot be read: ")]
    [InlineData("""{ "Mqtt": { "Portt": 1 } }""", "Mqtt:Portt is not a setting: ")]
    public void A_file_that_cannot_be_used_is_named(string? content, string sentence)
    {
        if (content is not null)
            File.WriteAllText(_file, content);
        var error = Assert.Single(Assert.Throws<ConfigurationException>(() => new ConfigurationSources(_file).Load()).Errors);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "127.0.0.1", "8098", true, "camera,health,mode,model,preview,snapshot")]
    [InlineData("", "::1", "8098", true, "camera,health,mode,model,preview,snapshot")]
    [InlineData("", "0.0.0.0", "0", true, "camera,health,mode,model,preview,snapshot")]
    [InlineData("", "0.0.0.0", "8098", false, "")]
    [InlineData("", "192.168.1.20", "8098", false, "")]
    [InlineData("broker", "127.0.0.1", "8098", false, "")]
    public void Pictures_and_commands_are_there_by_themselves_only_where_this_machine_alone_reaches_them(
        string host,
        string page,
        string port,
        bool previews,
        string verbs
    )
    {
        var options = new ConfigurationSources(
            Settings: new Dictionary<string, string?>
            {
                ["Mqtt:Host"] = host,
                ["Web:Address"] = page,
                ["Web:Port"] = port,
            }
        ).Load();
        Assert.Equal((previews, verbs), (options.Preview.Enabled, options.Commands.Allow));
    }

    [Theory]
    [InlineData("", "false", "")]
    [InlineData("broker", "true", "restart")]
    public void What_is_asked_for_holds_on_any_broker(string host, string enabled, string verbs)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Mqtt:Host"] = host,
            ["Preview:Enabled"] = enabled,
            ["Commands:Allow"] = verbs,
        };
        var options = new ConfigurationSources(Settings: settings).Load();
        Assert.Equal((enabled == "true", verbs), (options.Preview.Enabled, options.Commands.Allow));
    }
}
