using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace FaceLandmark.Web;

/// <summary>
/// What a browser must bring to reach the broker through the page: it opens the page once with <c>?token=...</c> and keeps it in a cookie.
/// Where a broker asks for an account, or only this machine reaches the page, none is needed.
/// </summary>
internal sealed class PageToken
{
    private readonly byte[]? _token;
    private readonly string _cookie;

    /// <param name="options">The page.</param>
    /// <param name="isOwnBroker">Whether the broker behind it is the node's own, which asks nobody for a password.</param>
    public PageToken(WebOptions options, bool isOwnBroker)
    {
        IsMade = options.Token.Length == 0 && isOwnBroker && !IPAddress.IsLoopback(IPAddress.Parse(options.Address));
        Value = IsMade ? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)) : options.Token;
        _token = Value.Length > 0 ? Encoding.UTF8.GetBytes(Value) : null;
        _cookie = $"facelandmark-{options.Port}"; // cookies know no ports
    }

    /// <summary>The token; empty: none is needed.</summary>
    public string Value { get; }

    /// <summary>Whether it was made up, so that people must be told it.</summary>
    public bool IsMade { get; }

    /// <summary>Whether a request brings it, or need not.</summary>
    public bool IsBroughtBy(HttpRequest request) => _token is null || Is(request.Cookies[_cookie]) || Is(request.Query["token"]);

    /// <summary>Takes a token from the address of the page into a cookie, so that it does not stay in the address bar.</summary>
    /// <returns>Whether the browser was sent on.</returns>
    public bool TryKeep(HttpContext context)
    {
        if (
            _token is null
            || !HttpMethods.IsGet(context.Request.Method)
            || context.Request.Path != "/"
            || !Is(context.Request.Query["token"])
        )
            return false;
        context.Response.Cookies.Append(
            _cookie,
            Value,
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Path = "/",
            }
        );
        context.Response.Redirect("/");
        return true;
    }

    private bool Is(string? brought) =>
        brought is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(brought), _token!);
}
