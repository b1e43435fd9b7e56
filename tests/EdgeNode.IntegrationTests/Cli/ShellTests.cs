namespace FaceLandmark.Tests.Cli;

/// <summary>
/// The program as shells use it: streams that are full, closed or left, files with odd names, pictures that must not be lost.
/// </summary>
public sealed class ShellTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-shell-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [Trait("Category", "reliability")]
    [InlineData("$NODE model list > /dev/full", 1, "cannot be written: No space left on device.")]
    [InlineData("$NODE model list >&-", 1, "cannot be written: it is closed.")]
    [InlineData("$NODE --version > /dev/full", 1, "No space left on device.")]
    [InlineData("$NODE --help >&-", 1, "it is closed.")]
    [InlineData("$NODE doctor --help > /dev/full", 1, "No space left on device.")]
    [InlineData("$NODE image face.jpg > /dev/full", 1, "No space left on device.")]
    [InlineData("$NODE model list --no-such 2> /dev/full", 2, "")]
    [InlineData("$NODE model list --no-such 2>&-", 2, "")]
    [InlineData("$NODE model list <&- >&- 2>&-", 1, "")]
    [InlineData("$NODE image gone.jpg 2> /dev/full", 1, "")]
    [InlineData(
        "$NODE run --frames 2 --report json --Web:Port=0 --Mqtt:Host=127.0.0.1 --Mqtt:Port=1 --Diagnostics:LogLevel=Error >&-",
        1,
        "it is closed."
    )]
    [InlineData("$NODE run --frames 2 --Web:Port=0 --Mqtt:Host=127.0.0.1 --Mqtt:Port=1 <&- >&- 2>&-", 0, "")]
    [InlineData("$NODE run --frames 20 --Web:Port=0 --Mqtt:Host=127.0.0.1 --Mqtt:Port=1 > /dev/full 2> /dev/full", 0, "")]
    public async Task Streams_that_take_nothing_end_it_with_a_sentence(string script, int expected, string sentence)
    {
        var (status, errors) = await RunAsync(script);

        Assert.True(status == expected, $"{status}: {errors}");
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_has_had_enough_ends_it_quietly()
    {
        var (status, errors) = await RunAsync(
            "{ $NODE image --json face.jpg face.jpg face.jpg face.jpg; echo $? > status; } | head -c 1 > /dev/null; cat status >&2"
        );

        Assert.Equal((0, "0\n"), (status, errors));
    }

    [Theory]
    [InlineData("cp face.jpg @home.jpg; $NODE image @home.jpg", 0, "")]
    [InlineData("echo --locate > list; $NODE image @list", 1, "@list")]
    [InlineData("cp face.jpg ./--Mqtt:Host=x.jpg; $NODE image -- --Mqtt:Host=x.jpg", 0, "")]
    [InlineData("cp face.jpg ./--json; $NODE image -- --json", 0, "")]
    [InlineData("$NODE model list -- x", 2, "'x'")]
    public async Task Names_of_files_are_names_of_files(string script, int expected, string sentence)
    {
        var (status, errors) = await RunAsync(script);

        Assert.True(status == expected, $"{status}: {errors}");
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$NODE image face.jpg --annotate .")]
    [InlineData("$NODE image ../$(basename $PWD) --annotate $PWD/.")]
    [InlineData("cp face.jpg face.png; $NODE image face.png --annotate .")]
    [InlineData("ln -s . here; $NODE image face.jpg --annotate here")]
    [InlineData("cp face.jpg face-annotated.jpg; cp face.jpg keep; $NODE image face.jpg --annotate . && cmp keep face-annotated.jpg")]
    [InlineData("ln -s face.jpg link.jpg; $NODE image link.jpg --annotate .; test -L link.jpg")]
    public async Task Pictures_that_are_read_are_never_overwritten(string script)
    {
        var (status, errors) = await RunAsync(
            $"sum=$(cksum face.jpg); {script} && test \"$sum\" = \"$(cksum face.jpg)\" && ls *annotated*.jpg && ! ls -A | grep -q part"
        );

        Assert.True(status == 0, errors);
    }

    [Fact]
    public async Task Hidden_files_and_pipes_in_a_folder_are_no_pictures()
    {
        var (status, errors) = await RunAsync(
            "mkdir own; cp face.jpg own; cp face.jpg own/._face.jpg; echo x > own/.x.png; $NODE image own | grep -c ': "
                + "1 face\\|faces' | grep -qx 1"
        );
        Assert.True(status == 0 && errors.Length == 0, errors);

        (status, errors) = await RunAsync("mkfifo own/pipe.jpg; ln -s /dev/zero own/zero.png; $NODE image own");
        Assert.Equal(1, status);
        Assert.Contains("is a named pipe", errors, StringComparison.Ordinal);
        Assert.Contains("is a device", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_cannot_be_used_is_told_beside_the_list()
    {
        var (status, errors) = await RunAsync(
            "mkdir models; echo '{\"name\":\"a\",\"file\":\"a.onnx\"}' > models/a.json; echo '{}' > models/config.json; "
                + "$NODE model list --Models:Folder=$PWD/models | grep -q ' a '"
        );

        Assert.Equal(0, status);
        Assert.Contains("config.json is not a model card", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zip_file_that_is_packed_oddly_is_named()
    {
        // Method 12 (bzip2), which .NET does not unpack.
        var (status, errors) = await RunAsync(
            "python3 -c \"import zipfile; zipfile.ZipFile('a.zip', 'w', zipfile.ZIP_BZIP2).write('face.jpg')\";"
                + "python3 -c \"print(' '.join(map(str, range(196))), '0 0 100 100 0 0 0 0 0 0 a/face.jpg')\" > list.txt; "
                + "$NODE model evaluate --list list.txt --images a.zip"
        );

        Assert.Equal(1, status);
        Assert.Contains("a/face.jpg cannot be unpacked", errors, StringComparison.Ordinal);
    }

    private async Task<(int Status, string Errors)> RunAsync(string script)
    {
        var face = Path.Combine(_folder, "face.jpg");
        if (!File.Exists(face))
            File.Copy(Path.Combine(AppContext.BaseDirectory, "assets", "demo", "sample1.jpg"), face);
        var node = $"dotnet {Path.Combine(AppContext.BaseDirectory, "EdgeNode.dll")}";
        await using var shell = RunningProgram.Start("sh", ["-c", script], _folder, ("NODE", node));
        var (status, _, errors) = await shell.EndAsync();
        return (status, errors);
    }
}
