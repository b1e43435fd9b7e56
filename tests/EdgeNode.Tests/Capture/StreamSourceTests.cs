using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FaceLandmark.Capture;

namespace FaceLandmark.Tests.Capture;

public sealed class StreamSourceTests : IDisposable
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(300);

    private readonly TempFolder _folder = new();
    private readonly FramePool _pool = new();
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);

    public StreamSourceTests() => _server.Start();

    private string Address =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"http://me:secret@127.0.0.1:{((IPEndPoint)_server.LocalEndpoint).Port}/video.avi?token=hidden"
        );

    public void Dispose()
    {
        _server.Dispose();
        _pool.Dispose();
        _folder.Dispose();
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task A_stream_over_HTTP_delivers_its_frames_live_and_then_ends()
    {
        var serving = ServeAsync(await File.ReadAllBytesAsync(_folder.Video("v.avi", 5), TestContext.Current.CancellationToken));
        using (var source = new StreamSource(Address, Patience.Limit, Patience.Limit))
        {
            Assert.True(source.Info.IsLive);
            Assert.Equal((64, 48, 25), (source.Info.Width, source.Info.Height, source.Info.Fps));
            Assert.EndsWith("/video.avi?***", source.Info.Description, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", source.Info.Description, StringComparison.Ordinal);
            for (var i = 0; i < 5; i++)
            {
                using var frame = source.Read(_pool, TestContext.Current.CancellationToken);
                Assert.InRange(Grey.Of(frame!), 20 + (10 * i) - 3, 20 + (10 * i) + 3);
            }

            Assert.Null(source.Read(_pool, TestContext.Current.CancellationToken));
        }

        _server.Stop();
        await serving;
    }

    [Fact]
    public async Task A_stream_over_RTSP_delivers_its_frames_by_way_of_TCP_and_then_ends()
    {
        using var server = new SmallRtspServer();
        var serving = server.ServeAsync(
            await File.ReadAllBytesAsync(_folder.Video("v.ts", 20, codec: "mpg2"), TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken
        );
        var count = 0;
        using (var source = new StreamSource(server.Address, Patience.Limit, Patience.Limit))
        {
            Assert.Equal((64, 48, true), (source.Info.Width, source.Info.Height, source.Info.IsLive));
            Assert.DoesNotContain("secret", source.Info.Description, StringComparison.Ordinal);
            while (source.Read(_pool, TestContext.Current.CancellationToken) is { } frame)
            {
                using (frame)
                    Assert.InRange(Grey.Of(frame), 20 + (10 * count) - 6, 20 + (10 * count) + 6);
                count++;
            }
        }

        // The last picture may lie in the decoder still when the server hangs up.
        Assert.InRange(count, 19, 20);
        Assert.Equal(["OPTIONS", "DESCRIBE", "SETUP", "PLAY"], (await serving).Take(4));
    }

    [Fact]
    public void A_server_that_says_nothing_is_given_up_and_named_without_password()
    {
        // The kernel accepts the connection; nobody answers.
        var error = Assert.Throws<SourceException>(() => new StreamSource(Address, s_short, s_short));

        Assert.Contains("http://***@127.0.0.1", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Category", "reliability")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_falls_silent_ends_by_the_token_or_has_stalled_after_its_time_limit(bool byToken)
    {
        var file = await File.ReadAllBytesAsync(_folder.Video("v.avi", 40, 320, 240), TestContext.Current.CancellationToken);
        var serving = ServeAsync(file, part: file.Length / 2);
        using var stop = new CancellationTokenSource();
        using (var source = new StreamSource(Address, byToken ? Patience.Limit : s_short, Patience.Limit))
        {
            var reading = Task.Run(
                () =>
                {
                    while (source.Read(_pool, stop.Token) is { } frame)
                        frame.Dispose();
                },
                TestContext.Current.CancellationToken
            );
            if (byToken)
            {
                await stop.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
            }
            else
            {
                var silence = await Assert.ThrowsAsync<SourceException>(() => reading.InTimeAsync());
                Assert.Equal(CameraCondition.Stalled, silence.Condition); // not "ended": the server still holds the connection
                Assert.StartsWith(
                    $"'{source.Info.Description}' has delivered nothing for 0.3 s",
                    silence.Message,
                    StringComparison.Ordinal
                );
            }
        }

        _server.Stop();
        await serving;
        Assert.Equal(0, _pool.Outstanding);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("rtsp")]
    public void A_server_that_is_not_there_is_a_failure_with_the_reason(string scheme)
    {
        var address = Address.Replace("http", scheme, StringComparison.Ordinal);
        _server.Stop();

        var error = Assert.Throws<SourceException>(() => new StreamSource(address, Patience.Limit, Patience.Limit));

        Assert.Equal(CameraCondition.Failed, error.Condition);
        Assert.Contains("Connection refused", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-fps_mode")]
    [InlineData("-vsync")]
    [InlineData("-fps_mode|-vsync")]
    public async Task An_FFmpeg_that_does_not_know_an_option_gets_the_one_of_its_version(string refused)
    {
        var file = await File.ReadAllBytesAsync(_folder.Video("v.avi", 5), TestContext.Current.CancellationToken);
        var serving = ServeAsync(file);
        var program = Program(
            $"for word; do case \"$word\" in {refused}) echo \"Unrecognized option '${{word#-}}'.\" >&2; echo 'Error splitting the "
                + "argument list: Option not found' >&2; exit 1;; esac; done; exec ffmpeg \"$@\""
        );
        using (var source = new StreamSource(Address, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), program))
        {
            for (var i = 0; i < 5; i++)
                source.Read(_pool, TestContext.Current.CancellationToken)!.Dispose();
            Assert.Null(source.Read(_pool, TestContext.Current.CancellationToken));
        }

        _server.Stop();
        await serving;
    }

    [Fact]
    public async Task An_FFmpeg_that_cannot_be_told_the_transport_in_a_list_is_asked_without()
    {
        using var server = new SmallRtspServer();
        var serving = server.ServeAsync(
            await File.ReadAllBytesAsync(_folder.Video("v.ts", 20, codec: "mpg2"), TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken
        );
        var program = Program(
            "list=$(cat); case \"$list\" in *option*) echo \"Line 3: unknown keyword 'option'\" >&2; exit 1;; esac; "
                + "printf '%s\\noption rtsp_transport tcp\\n' \"$list\" | ffmpeg \"$@\""
        );

        using (var source = new StreamSource(server.Address, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), program))
            Assert.Equal(64, source.Info.Width);

        await serving;
    }

    [Fact]
    public void An_FFmpeg_that_refuses_every_option_is_named_and_the_server_is_not_blamed()
    {
        var program = Program(
            "echo \"Unrecognized option 'nostdin'.\" >&2; echo 'Error splitting the argument list: Option not found' >&2; exit 1"
        );

        var error = Assert.Throws<SourceException>(() =>
            new StreamSource(Address, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), program)
        );

        Assert.Contains("refuses an option (Unrecognized option 'nostdin'.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("that the server runs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_FFmpeg_said_reaches_the_user_without_the_secrets()
    {
        var program = Program(
            $"echo 'ffmpeg: error while loading shared libraries: libx.so.1' >&2; echo '[tcp] Failed to open {Address}: no route' >&2; "
                + "echo 'Conversion failed!' >&2; exit 1"
        );

        var message = Assert
            .Throws<SourceException>(() => new StreamSource(Address, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), program))
            .Message;

        Assert.Contains("libx.so.1; [tcp] Failed to open http://***@127.0.0.1", message, StringComparison.Ordinal);
        Assert.Contains("no route; Conversion failed!", message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_is_not_among_the_arguments_that_everybody_may_read()
    {
        var serving = ServeAsync(await File.ReadAllBytesAsync(_folder.Video("v.avi", 5), TestContext.Current.CancellationToken));
        var arguments = Path.Combine(_folder.Path, "arguments");
        var program = Program($"cat /proc/$$/cmdline > {arguments}; env >> {arguments}; exec ffmpeg \"$@\"");
        new StreamSource(Address, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), program).Dispose();

        var seen = await File.ReadAllTextAsync(arguments, TestContext.Current.CancellationToken);
        Assert.Contains("-i", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", seen, StringComparison.Ordinal);
        _server.Stop();
        await serving;
    }

    [Fact]
    public async Task A_quotation_mark_in_an_address_is_a_part_of_it()
    {
        var serving = ServeAsync(await File.ReadAllBytesAsync(_folder.Video("v.avi", 5), TestContext.Current.CancellationToken));
        using (
            var source = new StreamSource(
                Address.Replace("video", "it's 'a' video", StringComparison.Ordinal),
                TimeSpan.FromSeconds(60),
                TimeSpan.FromSeconds(60)
            )
        )
            Assert.Equal(64, source.Info.Width);

        _server.Stop();
        await serving;
    }

    [Fact]
    public void Without_ffmpeg_the_remedy_is_to_install_it() =>
        Assert.Contains(
            "apt-get install ffmpeg",
            Assert
                .Throws<SourceException>(() =>
                    new StreamSource("rtsp://me:secret@host/", s_short, program: Path.Combine(_folder.Path, "ffmpeg"))
                )
                .Message,
            StringComparison.Ordinal
        );

    private string Program(string script)
    {
        var path = _folder.Write("program", "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    [Theory]
    [InlineData("YUV4MPEG2 W640 H480 F30000:1001 Ip A1:1 C420mpeg2", 640, 480, 29.97)]
    [InlineData("YUV4MPEG2 W64 H48 F90000:1", 64, 48, 0)]
    [InlineData("YUV4MPEG2 W64 H48 F0:0", 64, 48, 0)]
    [InlineData("YUV4MPEG2 W64 H48", 64, 48, 0)]
    public void The_decoder_tells_size_and_rate(string line, int width, int height, double fps)
    {
        var header = FfmpegVideo.SizeAndRate(line)!.Value;

        Assert.Equal((width, height), (header.Width, header.Height));
        Assert.Equal(fps, header.Fps, 0.001);
    }

    [Theory]
    [InlineData("")]
    [InlineData("RIFF W64 H48")]
    [InlineData("YUV4MPEG2 W64 F25:1")]
    public void Anything_else_is_no_stream(string line) => Assert.Null(FfmpegVideo.SizeAndRate(line));

    // ffmpeg may connect more than once; each connection gets the whole file, or a part and then silence.
    private async Task ServeAsync(byte[] content, int? part = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        try
        {
            while (true)
            {
                using var client = await _server.AcceptTcpClientAsync(cancellationToken);
                try
                {
                    var stream = client.GetStream();
                    _ = await stream.ReadAsync(new byte[4096], cancellationToken);
                    await stream.WriteAsync(
                        Encoding.ASCII.GetBytes(
                            $"HTTP/1.0 200 OK\r\nContent-Type: video/x-msvideo\r\nContent-Length: {content.Length}\r\n\r\n"
                        ),
                        cancellationToken
                    );
                    await stream.WriteAsync(content.AsMemory(0, part ?? content.Length), cancellationToken);
                    while (part is not null && await stream.ReadAsync(new byte[4096], cancellationToken) > 0)
                        ;
                }
                catch (IOException)
                {
                    // The client had enough.
                }
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // The server was stopped.
        }
    }
}
