using FaceLandmark.Platform;

namespace FaceLandmark.Tests.Capture;

public sealed class SourceNameTests
{
    [Theory]
    [InlineData("rtsp://user:secret@cam.local:554/stream1", "rtsp://***@cam.local:554/stream1")]
    [InlineData("rtsp://user:se@cret@cam.local/stream1", "rtsp://***@cam.local/stream1")]
    [InlineData("rtsp://user:sec/ret@cam.local/stream1", "rtsp://***@cam.local/stream1")]
    [InlineData("rtsp://user:sec?ret@cam.local/stream1", "rtsp://***@cam.local/stream1")]
    [InlineData("http://cam.local/video?user=me&pwd=secret", "http://cam.local/video?***")]
    [InlineData("http://me:secret@cam.local/v?pwd=secret", "http://***@cam.local/v?***")]
    [InlineData("http://cam.local:8080/@public/video", "http://cam.local:8080/@public/video")]
    [InlineData("http://[fe80::1]:8080/@public", "http://[fe80::1]:8080/@public")]
    [InlineData(
        "rtsp://10.0.0.1:554/user=admin&password=secret&channel=1&stream=0.sdp?",
        "rtsp://10.0.0.1:554/user=***&password=***&channel=1&stream=0.sdp?***"
    )]
    [InlineData(
        "rtsp://10.0.0.1:554/user=admin_password=tlJwpbo6_channel=1_stream=0.sdp?real_stream",
        "rtsp://10.0.0.1:554/user=***_password=***_channel=1_stream=0.sdp?***"
    )]
    [InlineData("rtsp://10.0.0.1/live/User=admin&PASSWORD=a/b&channel=1", "rtsp://10.0.0.1/live/User=***&PASSWORD=***&channel=1")]
    [InlineData("http://10.0.0.1/cgi-bin/token=secret/video.mjpg", "http://10.0.0.1/cgi-bin/token=***/video.mjpg")]
    [InlineData("http://10.0.0.1/v;pwd=secret", "http://10.0.0.1/v;pwd=***")]
    [InlineData("rtsp://admin:12/34@cam.local/stream1", "rtsp://***@cam.local/stream1")]
    [InlineData("rtsp://cam.local/admin:secret@stream1?x=1", "rtsp://cam.local/***@stream1?***")]
    [InlineData("rtsp://me@cam.local/admin:secret@stream1", "rtsp://***@cam.local/***@stream1")]
    [InlineData("http://cam.local/video#token=secret", "http://cam.local/video#***")]
    [InlineData("http://cam.local/video#secret", "http://cam.local/video#***")]
    [InlineData("rtsp://cam.local/stream1", "rtsp://cam.local/stream1")]
    [InlineData(
        "rtsp://cam.local:554/user=admin&password=secret&channel=1&stream=0.sdp",
        "rtsp://cam.local:554/user=***&password=***&channel=1&stream=0.sdp"
    )]
    [InlineData(
        "rtsp://cam.local/user=admin_password=secret_channel=1_stream=0.sdp",
        "rtsp://cam.local/user=***_password=***_channel=1_stream=0.sdp"
    )]
    [InlineData("rtsp://cam.local/live/PWD=secret/1", "rtsp://cam.local/live/PWD=***/1")]
    [InlineData("rtsp://cam.local:554/admin:secret@stream1", "rtsp://cam.local:554/***@stream1")]
    [InlineData("http://cam.local/keyframes/monkey=1", "http://cam.local/keyframes/monkey=1")]
    [InlineData("/dev/video0", "/dev/video0")]
    [InlineData("clip@home.mp4", "clip@home.mp4")]
    public void No_password_and_no_token_is_shown(string source, string shown) => Assert.Equal(shown, PublicText.Address(source));
}
