using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace FaceLandmark.Tests.Browser;

/// <summary>A page in a context of its own.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _faults = new();

    internal BrowserPage(IPage page)
    {
        Page = page;
        page.PageError += (_, error) => _faults.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _faults.Enqueue(message.Text);
        };
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>What scripts threw and the console called an error.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Writes what is seen to <c>build/screenshots</c>, for people and the documentation.</summary>
    public Task PictureAsync(string name) =>
        Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Repository.Root, "build", "screenshots", name + ".png") });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
