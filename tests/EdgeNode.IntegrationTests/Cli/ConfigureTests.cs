using System.Runtime.Versioning;
using FaceLandmark.Tests.Cameras;

namespace FaceLandmark.Tests.Cli;

/// <summary>The verb <c>configure</c>, in a real terminal and without one, with real brokers.</summary>
[SupportedOSPlatform("linux")]
public sealed class ConfigureTests : IDisposable
{
    private const string CtrlC = TerminalProcess.CtrlC;
    private const string Enter = "\r";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("configure-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_newcomer_finds_the_camera_the_broker_refuses_once_and_the_node_runs_with_what_was_written()
    {
        using var cameras = await CameraDouble.CreateAsync();
        cameras.Set("/dev/video7", "formats YUYV MJPG");
        await using var broker = await ProductionBroker.StartAsync();
        (string, string)[] variables = [.. cameras.Variables, Home];
        var (status, shown) = await TerminalProcess.RunAsync(
            null,
            variables,
            [
                ("Name (", "node7" + Enter),
                ("  2  /dev/video7 (", ""),
                ("Which camera? (2)", Enter),
                ("The camera delivers pictures: /dev/video7, 640x480.", ""),
                ("Which broker? (1)", "2" + Enter),
                ("Name or address", "mqtts://localhost" + Enter),
                ("Mqtt:Host is a URL, but must be the name or address of the broker alone", "localhost" + Enter),
                ("Encrypted (TLS)? (no)", "y" + Enter),
                ("Port (8883)", $"{broker.Port}{Enter}"),
                ("File of the authority", "/nowhere/ca.crt" + Enter),
                ("There is no file '/nowhere/ca.crt'.", broker.Of("ca.crt") + Enter),
                ("User", "node7" + Enter),
                ("Password", "wrong" + Enter),
                ("Testing ...", ""),
                ("What now? (1)", Enter),
                ("Which broker? (2)", Enter),
                ("Name or address of the broker (localhost)", Enter),
                ("(yes)", Enter),
                ($"Port ({broker.Port})", Enter),
                ("File of the authority", Enter),
                ("User, - for none (node7)", Enter),
                ("Password", broker.PasswordOf("node7") + Enter),
                ("The broker is fine: ", ""),
                ("Which? (1)", "3" + Enter),
                ("Which? (1)", "2" + Enter),
                ("Write ", Enter),
                ("Written: ", ""),
            ],
            "configure"
        );
        Assert.True(status == 0, shown);
        Assert.DoesNotContain(broker.PasswordOf("node7"), shown, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("stays hidden", shown, StringComparison.Ordinal);

        await using var node = NodeProcess.Start(variables, "--frames", "3");
        var (ended, _, errors) = await node.EndAsync();
        Assert.True(ended == 0, errors);
        var info = await MosquittoClients.SubscribeAsync(1, [.. broker.As("dashboard"), "-t", "facelandmark/node7/info"]);
        Assert.Contains("/dev/video7", info, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Name (")]
    [InlineData("Which camera?")]
    [InlineData("Which broker?")]
    [InlineData("Write ")]
    public async Task Ctrl_C_leaves_everything_as_it_was(string where)
    {
        var text = $$"""{ "Node": { "Name": "before" }, "Mqtt": { "Port": {{Ports.Free()}} } }""";
        var file = Write("facelandmark/appsettings.json", text);
        (string, string)[] all =
        [
            ("Name (before)", "after" + Enter),
            ("Which camera?", Enter),
            ("Which broker?", Enter),
            ("Which?", Enter),
            ("Which?", Enter),
            ("Write ", Enter),
        ];
        var typed = all.TakeWhile(step => !step.Item1.StartsWith(where, StringComparison.Ordinal)).Append((where, CtrlC));
        var (status, shown) = await TerminalProcess.RunAsync(null, [Home], [.. typed], "configure");
        Assert.True(status == 1, shown);
        Assert.EndsWith("Nothing was changed.", shown.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public async Task What_fails_can_be_kept_as_it_was_or_gone_on_with()
    {
        var (status, shown) = await TerminalProcess.RunAsync(
            null,
            [Home],
            [
                ("Name (", "a/b" + Enter),
                ("Node:Name is 'a/b', but must be", ""),
                ("  2  keep what was set before", ""),
                ("What now?", "3" + Enter),
                ("Give a number from 1 to 2.", "2" + Enter), // nobody can go on with what a node refuses
                ("Which camera?", "3" + Enter),
                ("Address or file", "/dev/video77" + Enter),
                ("Camera '/dev/video77' does not exist; plug it in", ""),
                ("What now?", "3" + Enter),
                ("Which broker?", "2" + Enter),
                ("Name or address", "127.0.0.1" + Enter),
                ("Encrypted", Enter),
                ("Port", $"{Ports.Free()}{Enter}"),
                ("User", Enter),
                ("Nothing listens on 127.0.0.1:", ""),
                ("What now?", "2" + Enter),
                ("Which?", Enter),
                ("Which?", Enter),
                ("/dev/video77", ""),
                ("Write ", Enter),
            ],
            "configure"
        );
        Assert.True(status == 0, shown);
        var written = await File.ReadAllTextAsync(Settings, TestContext.Current.CancellationToken);
        Assert.Contains("\"Source\": \"/dev/video77\"", written, StringComparison.Ordinal);
        Assert.DoesNotContain("Mqtt", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_terminal_it_says_what_to_do()
    {
        var (status, output, errors) = await RunAsync(null, "configure");
        Assert.Equal((2, ""), (status, output));
        Assert.StartsWith("configure asks its questions at a terminal, and this is none: ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--config", "/proc/facelandmark.json", "This user cannot write '/proc/facelandmark.json': ")]
    [InlineData("--answers", "/nowhere/answers.json", "'/nowhere/answers.json' cannot be read: ")]
    [InlineData("--Mqtt:Host", "broker.lan", "configure takes no settings as arguments: ")]
    public async Task What_it_cannot_use_is_a_sentence(string option, string value, string sentence)
    {
        var (status, _, errors) = await RunAsync(null, "configure", option, value);
        Assert.Equal(2, status);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task Answers_of_a_file_are_tested_and_written()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var answers = Write(
            "answers.json",
            $$"""
            { "node": "door", "camera": "/dev/video77", "broker": { "host": "127.0.0.1", "port": {{broker.Port}} },
              "previews": "on", "privacy": "points" }
            """
        );
        var (status, output, errors) = await RunAsync(null, "configure", "--answers", answers);
        Assert.Equal(1, status);
        Assert.StartsWith("The broker is fine: ", output, StringComparison.Ordinal);
        Assert.Contains("Camera '/dev/video77' does not exist", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Settings));

        (status, output, errors) = await RunAsync(null, "configure", "--go-on", "--answers", answers);
        Assert.True(status == 0, errors);
        Assert.EndsWith($"Written: {Settings}\n", output, StringComparison.Ordinal);

        await File.WriteAllTextAsync(
            answers,
            """{ "node": "keep", "camera": "demo", "broker": "keep", "previews": "keep", "privacy": "keep" }""",
            TestContext.Current.CancellationToken
        );
        (status, output, errors) = await RunAsync(null, "configure", "--answers", answers);
        Assert.True(status == 0, errors);
        (status, output, errors) = await RunAsync(null, "configure", "--answers", answers);
        Assert.True(status == 0, errors);
        Assert.EndsWith($"Nothing changes; {Settings} stays as it is.\n", output, StringComparison.Ordinal);
        (status, output, errors) = await RunAsync(null, "--frames", "2", "--report", "json");
        Assert.True(status == 0, errors);
        var seen = await MosquittoClients.SubscribeAsync(1, "-h", "127.0.0.1", "-p", $"{broker.Port}", "-t", "facelandmark/door/status");
        Assert.Equal("stopped", seen.Trim());
    }

    /// <summary>systemd is not at work where tests run: a script takes the place of systemctl.</summary>
    [Fact]
    public async Task An_installed_node_keeps_its_settings_in_etc_and_its_service_is_started_again()
    {
        var program = Install();
        var shipped = Repository.Read("deploy/debian/appsettings.json");
        var etc = Write("etc/appsettings.json", shipped.Replace("1883", $"{Ports.Free()}", StringComparison.Ordinal));
        File.CreateSymbolicLink(Path.Combine(program, "appsettings.json"), etc);
        var calls = Path.Combine(_folder.FullName, "calls");
        Systemctl($"echo \"$@\" >>{calls}; case $1 in show) echo loaded ;; is-active) exit 3 ;; restart) exit 0 ;; esac");
        var path = ("PATH", $"{_folder.FullName}/bin:{Environment.GetEnvironmentVariable("PATH")}");

        var (status, shown) = await TerminalProcess.RunAsync(
            program,
            [Home, path],
            [
                ("Name (", "door" + Enter),
                ("Which camera?", Enter),
                ("Which broker?", Enter),
                ("The broker is fine", ""),
                ("Which?", Enter),
                ("Which?", "4" + Enter),
                ("Write ", Enter),
                ("Start the service with them now? (yes)", Enter),
                ("The service runs with the new settings.", ""),
            ],
            "configure"
        );
        Assert.True(status == 0, shown);
        var written = await File.ReadAllTextAsync(etc, TestContext.Current.CancellationToken);
        Assert.Contains("\"Name\": \"door\" // name in topics; empty: the host's name", written, StringComparison.Ordinal);
        var called = await File.ReadAllLinesAsync(calls, TestContext.Current.CancellationToken);
        Assert.Contains("restart facelandmark.service", called);
        Assert.False(File.Exists(Settings)); // the user's file is not the service's

        Systemctl("case $1 in show) echo loaded ;; *) echo Job failed. >&2; exit 1 ;; esac");
        var answers = Write(
            "answers.json",
            """{ "node": "hall", "camera": "keep", "broker": "keep", "previews": "keep", "privacy": "keep", "service": "restart" }"""
        );
        var (failed, _, errors) = await RunAsync(program, [path], "configure", "--answers", answers);
        Assert.Equal(1, failed);
        Assert.Contains("systemd did not start the service (Job failed.); journalctl -u facelandmark", errors, StringComparison.Ordinal);
    }

    private (string Name, string Value) Home => ("XDG_CONFIG_HOME", _folder.FullName);

    private string Settings => Path.Combine(_folder.FullName, "facelandmark", "appsettings.json");

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private void Systemctl(string body)
    {
        var script = Write("bin/systemctl", "#!/bin/sh\n" + body + "\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // The program in a folder of its own, as the package has it: with a link in the place of its settings.
    private string Install()
    {
        var program = _folder.CreateSubdirectory("program").FullName;
        foreach (var entry in Directory.EnumerateFileSystemEntries(AppContext.BaseDirectory))
        {
            var name = Path.GetFileName(entry);
            if (Directory.Exists(entry))
                Directory.CreateSymbolicLink(Path.Combine(program, name), entry);
            else if (name != "appsettings.json")
                File.Copy(entry, Path.Combine(program, name));
        }

        return program;
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(string? program, params string[] arguments) =>
        RunAsync(program, [], arguments);

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string? program,
        (string Name, string Value)[] variables,
        params string[] arguments
    )
    {
        await using var node = RunningProgram.Start(
            "dotnet",
            [Path.Combine(program ?? AppContext.BaseDirectory, "EdgeNode.dll"), .. arguments],
            null,
            [("Web__Port", "0"), Home, .. variables]
        );
        return await node.EndAsync();
    }
}
