using System.Runtime.CompilerServices;

namespace FaceLandmark.Tests;

/// <summary>
/// How long a test waits for a signal. The limit only says that something hangs: it is far beyond what the slowest machine takes, and no
/// test learns anything from how much of it passed.
/// </summary>
internal static class Patience
{
    /// <summary>For one signal.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary><see cref="Limit"/> for Playwright.</summary>
    public static float Milliseconds => (float)Limit.TotalMilliseconds;

    /// <summary><see cref="Limit"/> for arguments of programs, in seconds.</summary>
    public static string Seconds => $"{(int)Limit.TotalSeconds}";

    /// <summary>The signal, or an exception that names it.</summary>
    public static async Task InTimeAsync(this Task signal, [CallerArgumentExpression(nameof(signal))] string what = "")
    {
        try
        {
            await signal.WaitAsync(Limit);
        }
        catch (TimeoutException) when (!signal.IsCompleted)
        {
            throw new TimeoutException($"Still waiting after {Limit}: {what}");
        }
    }

    /// <summary>Looks until it is so, where nothing signals it.</summary>
    /// <exception cref="OperationCanceledException">It is not so after <see cref="Limit"/>.</exception>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = NewLimit();
        while (!isSo())
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    /// <summary>The signal's value, or an exception that names the signal.</summary>
    public static async Task<T> InTimeAsync<T>(this Task<T> signal, [CallerArgumentExpression(nameof(signal))] string what = "")
    {
        await InTimeAsync((Task)signal, what);
        return await signal;
    }

    /// <summary>The signal's value, or an exception that names the signal.</summary>
    public static Task<T> InTimeAsync<T>(this ValueTask<T> signal, [CallerArgumentExpression(nameof(signal))] string what = "") =>
        signal.AsTask().InTimeAsync(what);

    /// <summary>Cancelled at the limit, and when the run of the tests is.</summary>
    public static CancellationTokenSource NewLimit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        return limit;
    }
}
