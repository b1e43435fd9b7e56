using FaceLandmark.Web;
using Microsoft.AspNetCore.Http;

namespace FaceLandmark.Tests.Web;

public sealed class RequestGuardTests
{
    private readonly RequestGuard _guard = new("page.example, cameras.lan");

    [Theory]
    [InlineData("localhost:8098", true)]
    [InlineData("LocalHost", true)]
    [InlineData("127.0.0.1:8098", true)]
    [InlineData("[::1]:8098", true)]
    [InlineData("192.168.1.20:8098", true)]
    [InlineData("page.example", true)]
    [InlineData("cameras.lan:8443", true)]
    [InlineData("evil.example:8098", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("", false)]
    public void Only_names_of_this_machine_are_known(string host, bool known) => Assert.Equal(known, _guard.Knows(new HostString(host)));

    [Fact]
    public void The_machines_own_name_is_known() => Assert.True(_guard.Knows(new HostString(Environment.MachineName, 8098)));

    [Theory]
    [InlineData("http://127.0.0.1:8098", "127.0.0.1:8098", true)]
    [InlineData("https://page.example", "page.example", true)]
    [InlineData("http://LOCALHOST:8098", "localhost:8098", true)]
    [InlineData("http://[::1]:8098", "[::1]:8098", true)]
    [InlineData("http://127.0.0.1:9000", "127.0.0.1:8098", false)]
    [InlineData("http://localhost:8098", "127.0.0.1:8098", false)]
    [InlineData("http://evil.example", "127.0.0.1:8098", false)]
    [InlineData("null", "127.0.0.1:8098", false)]
    [InlineData(null, "127.0.0.1:8098", false)]
    public void Only_the_page_itself_may_connect(string? origin, string host, bool own) =>
        Assert.Equal(own, RequestGuard.IsOwn(origin, new HostString(host)));
}
