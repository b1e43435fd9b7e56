using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using FaceLandmark.ModelCards;

namespace FaceLandmark.Models.Import;

/// <summary>
/// Gets a checkpoint over HTTPS (plain HTTP from this machine itself only). A transfer that breaks off goes on where it stopped, also in a
/// later run when the file's name tells its hash. Names such as <c>...-92d0ba7f_20210303.pth</c> carry the first digits of the SHA-256,
/// which the file must have.
/// </summary>
/// <param name="client">With the timeouts wanted, and without following redirections: each address is looked at before it is asked.</param>
/// <param name="limit">The most bytes taken.</param>
internal sealed partial class CheckpointDownload(HttpClient client, long limit)
{
    private const int MostAttempts = 5;
    private const int MostRedirections = 10;

    /// <summary>Whether an argument is an address and no file.</summary>
    public static bool IsAddress(string source) => source.Contains("://", StringComparison.Ordinal);

    /// <summary>The beginning of the SHA-256 that a file's name promises, or null.</summary>
    public static string? HashIn(string name) => HashPattern().Match(name) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Downloads into a folder.</summary>
    /// <param name="source">The address.</param>
    /// <param name="folder">Where the file is put, under the last part of the address; the part that is there while it is under way ends
    /// with ".part".</param>
    /// <param name="progress">Receives bytes so far and bytes in all (0: unknown).</param>
    /// <param name="cancellationToken">Stops it; what is there is kept for later.</param>
    /// <returns>The file.</returns>
    /// <exception cref="ModelException">It cannot be got, is too large, or has another hash.</exception>
    public async Task<string> GetAsync(string source, string folder, Action<long, long> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var address = Check(source);
        var name = Path.GetFileName(address.LocalPath);
        if (name.Length is 0 or > 200 || name.Any(letter => char.IsControl(letter) || letter is '\\' or '/'))
            throw new ModelException(
                $"{source} does not end with a file's name: give the address of the .pth or .safetensors file itself."
            );
        var path = Path.Combine(folder, name);
        if (File.Exists(path))
            throw new ModelException($"{path} is there already: import it by this path, or move it away.");
        var part = path + ".part";
        if (HashIn(name) is null)
            File.Delete(part); // nothing would tell that its halves belong together
        EntityTagHeaderValue? version = null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                version = await TransferAsync(address, part, version, attempt, progress, cancellationToken).ConfigureAwait(false);
                break;
            }
            catch (Exception reason)
                when (reason is HttpRequestException or IOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                if (attempt == MostAttempts)
                    throw new ModelException(
                        $"{source} could not be downloaded: {reason.Message} Check the address and the network, then try again; "
                            + "the download continues where it stopped.",
                        reason
                    );
            }
        }

        CheckHash(part, name);
        File.Move(part, path);
        return path;
    }

    /// <summary>Compares a file with the hash in a name.</summary>
    /// <exception cref="ModelException">It has another one; the file is deleted.</exception>
    private static void CheckHash(string part, string name)
    {
        if (HashIn(name) is not { } expected)
            return;
        var actual = WeightsFile.HashOf(part);
        if (actual.StartsWith(expected, StringComparison.Ordinal))
            return;
        File.Delete(part);
        throw new ModelException(
            $"{name} has SHA-256 {actual}, but its name promises {expected}...: it was damaged or replaced on its way, and has been "
                + "deleted; try again or ask its publisher."
        );
    }

    private async Task<EntityTagHeaderValue?> TransferAsync(
        Uri address,
        string part,
        EntityTagHeaderValue? version,
        int attempt,
        Action<long, long> progress,
        CancellationToken cancellationToken
    )
    {
        var have = File.Exists(part) ? new FileInfo(part).Length : 0;
        using var response = await AskAsync(address, have, version, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && attempt < MostAttempts)
        {
            File.Delete(part); // it is whole already, or another file's: from the start
            throw new HttpRequestException("The server has no more of it.");
        }

        if (!response.IsSuccessStatusCode)
        {
            var answer = $"the server answered {(int)response.StatusCode} ({response.ReasonPhrase})";
            throw (int)response.StatusCode >= 500
                ? new HttpRequestException(answer + ".")
                : new ModelException($"{address} could not be downloaded: {answer}; check the address.");
        }

        if (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange?.From != have)
            have = 0;
        var total = response.Content.Headers.ContentLength + have ?? 0;
        if (total > limit)
            throw TooLarge(address, total);
        await using var file = new FileStream(part, have > 0 ? FileMode.Append : FileMode.Create, FileAccess.Write);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[1 << 17];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            have += read;
            if (have > limit)
                throw TooLarge(address, have);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            progress(have, total);
        }

        return total == 0 || have == total ? response.Headers.ETag : throw new IOException("The connection ended before the file did.");
    }

    private async Task<HttpResponseMessage> AskAsync(
        Uri address,
        long have,
        EntityTagHeaderValue? version,
        CancellationToken cancellationToken
    )
    {
        for (var redirections = 0; ; redirections++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (have > 0)
            {
                request.Headers.Range = new RangeHeaderValue(have, null);
                if (version is { IsWeak: false })
                    request.Headers.IfRange = new RangeConditionHeaderValue(version);
            }

            var response = await client
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                .ConfigureAwait(false);
            if (
                (int)response.StatusCode is < 300 or > 399
                || response.Headers.Location is not { } location
                || redirections == MostRedirections
            )
                return response;
            response.Dispose();
            address = Check(new Uri(address, location).ToString());
        }
    }

    private ModelException TooLarge(Uri address, long bytes) =>
        new($"{address} has {bytes} bytes or more, but the limit is {limit}: it is not a checkpoint of a ResNet.");

    private static Uri Check(string source)
    {
        if (
            !Uri.TryCreate(source, UriKind.Absolute, out var address)
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        )
            throw new ModelException(
                $"{source} is not downloaded: the address must begin with https (http is allowed from this machine only)."
            );
        return address;
    }

    [GeneratedRegex("-([0-9a-f]{8,64})(?:_[0-9]{8})?\\.(?:pth|pt|safetensors)$", RegexOptions.CultureInvariant)]
    private static partial Regex HashPattern();
}
