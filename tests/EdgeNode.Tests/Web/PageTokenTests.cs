using FaceLandmark.Web;
using Microsoft.AspNetCore.Http;

namespace FaceLandmark.Tests.Web;

/// <summary>Who needs a token to reach the broker through the page.</summary>
public sealed class PageTokenTests
{
    [Theory]
    [InlineData("127.0.0.1", true, "", false)]
    [InlineData("::1", true, "", false)]
    [InlineData("0.0.0.0", false, "", false)]
    [InlineData("0.0.0.0", true, "", true)]
    [InlineData("127.0.0.1", true, "s3cret", true)]
    [InlineData("0.0.0.0", false, "s3cret", true)]
    public void It_is_needed_where_others_reach_a_broker_without_accounts_and_where_it_is_set(
        string address,
        bool isOwnBroker,
        string set,
        bool isNeeded
    )
    {
        var token = new PageToken(new WebOptions { Address = address, Token = set }, isOwnBroker);
        Assert.Equal(!isNeeded, token.IsBroughtBy(Request("/mqtt").Request));
        Assert.Equal(isNeeded && set.Length == 0, token.IsMade);
        if (!isNeeded)
            return;
        Assert.False(token.IsBroughtBy(Request("/mqtt?token=guess").Request));
        Assert.True(token.IsBroughtBy(Request($"/mqtt?token={token.Value}").Request));
        Assert.InRange(token.Value.Length, 6, 64);
    }

    [Fact]
    public void The_browser_keeps_it_in_a_cookie_that_scripts_and_other_pages_do_not_get()
    {
        var token = new PageToken(new WebOptions { Address = "0.0.0.0", Port = 8098 }, isOwnBroker: true);
        var first = Request($"/?token={token.Value}");
        Assert.True(token.TryKeep(first));
        Assert.Equal("/", first.Response.Headers.Location);
        var cookie = first.Response.Headers.SetCookie.ToString();
        Assert.Equal($"facelandmark-8098={token.Value}; path=/; samesite=strict; httponly", cookie);

        var then = Request("/mqtt");
        then.Request.Headers.Cookie = cookie.Split(';')[0];
        Assert.True(token.IsBroughtBy(then.Request));
        Assert.False(token.TryKeep(Request("/?token=guess")));
        Assert.False(token.TryKeep(Request("/")));
    }

    [Fact]
    public void Every_start_makes_another() =>
        Assert.NotEqual(
            new PageToken(new WebOptions { Address = "0.0.0.0" }, true).Value,
            new PageToken(new WebOptions { Address = "0.0.0.0" }, true).Value
        );

    private static DefaultHttpContext Request(string address)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Path = address.Split('?')[0];
        context.Request.QueryString = new QueryString(address.Contains('?', StringComparison.Ordinal) ? "?" + address.Split('?')[1] : "");
        return context;
    }
}
