using System.Security.Cryptography;
using FaceLandmark.ModelCards;
using FaceLandmark.Models.Import;

namespace FaceLandmark.Tests.Models;

public sealed class CheckpointDownloadTests : IAsyncLifetime
{
    private const int Limit = 1 << 20;
    private static readonly byte[] s_content = [.. Enumerable.Range(0, 600_000).Select(i => (byte)(i * 31))];
    private static readonly string s_hash = Convert.ToHexStringLower(SHA256.HashData(s_content));

    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-download-").FullName;
    private readonly LoopbackFiles _server = new(s_content);
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private static string Named => $"deeppose_res50_wflw_256x256-{s_hash[..8]}_20210303.pth";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_file_comes_whole_and_its_progress_is_told()
    {
        var told = new List<(long Have, long All)>();

        var path = await Download(Named, (have, all) => told.Add((have, all)));

        Assert.Equal(s_content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal((s_content.Length, s_content.Length), told[^1]);
        Assert.Equal([Path.Combine(_folder, Named)], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_transfer_that_breaks_off_goes_on_where_it_stopped()
    {
        _server.BreakAfter.Enqueue(200_000);
        _server.BreakAfter.Enqueue(450_000);

        var path = await Download("net.pth");

        Assert.Equal(s_content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal([0, 200_000, 450_000], _server.Starts);
    }

    [Fact]
    public async Task A_later_run_goes_on_where_an_earlier_one_stopped()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, Named + ".part"), s_content[..123_456], TestContext.Current.CancellationToken);

        var path = await Download(Named);

        Assert.Equal(s_content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal([123_456], _server.Starts);
    }

    [Fact]
    public async Task Another_hash_than_the_names_is_refused_and_nothing_stays()
    {
        var refusal = await Assert.ThrowsAsync<ModelException>(() => Download("deeppose-00000000_20210303.pth"));

        Assert.Contains($"has SHA-256 {s_hash}, but its name promises 00000000", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_file_beyond_the_limit_is_refused_before_it_is_taken()
    {
        _server.Instead = $"HTTP/1.1 200 OK\r\nContent-Length: {Limit + 1}\r\nConnection: close\r\n\r\n";

        var refusal = await Assert.ThrowsAsync<ModelException>(() => Download("net.pth"));

        Assert.Contains($"the limit is {Limit}", refusal.Message, StringComparison.Ordinal);
        Assert.Single(_server.Starts);
    }

    [Fact]
    public async Task A_file_without_a_length_is_cut_off_at_the_limit()
    {
        _server.Instead = $"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{new string('x', Limit + 1000)}";

        await Assert.ThrowsAsync<ModelException>(() => Download("net.pth"));

        Assert.InRange(new FileInfo(Path.Combine(_folder, "net.pth.part")).Length, 0, Limit);
    }

    [Fact]
    public async Task An_address_that_is_wrong_is_said_once()
    {
        _server.Instead = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

        var refusal = await Assert.ThrowsAsync<ModelException>(() => Download("net.pth"));

        Assert.Contains("404", refusal.Message, StringComparison.Ordinal);
        Assert.Single(_server.Starts);
    }

    [Theory]
    [InlineData("http://example.org/net.pth")]
    [InlineData("ftp://127.0.0.1/net.pth")]
    [InlineData("file:///etc/passwd")]
    public async Task Only_https_is_asked_beyond_this_machine(string address)
    {
        var refusal = await Assert.ThrowsAsync<ModelException>(() =>
            new CheckpointDownload(_client, Limit).GetAsync(address, _folder, (_, _) => { }, TestContext.Current.CancellationToken)
        );

        Assert.Contains("must begin with https", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirection_to_plain_http_elsewhere_is_refused()
    {
        _server.Instead =
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1.example.invalid/net.pth\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

        var refusal = await Assert.ThrowsAsync<ModelException>(() => Download("net.pth"));

        Assert.Contains("http://127.0.0.1.example.invalid/net.pth is not downloaded", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deeppose_res50_wflw_256x256-92d0ba7f_20210303.pth", "92d0ba7f")]
    [InlineData("https://host/x/resnet50-0676ba61.pth", "0676ba61")]
    [InlineData("deeppose.pt", null)]
    [InlineData("net-20210303.txt", null)]
    public void The_hash_is_read_from_the_name(string name, string? hash) => Assert.Equal(hash, CheckpointDownload.HashIn(name));

    private Task<string> Download(string name, Action<long, long>? progress = null) =>
        new CheckpointDownload(_client, Limit).GetAsync(
            _server.Address(name),
            _folder,
            progress ?? ((_, _) => { }),
            TestContext.Current.CancellationToken
        );
}
