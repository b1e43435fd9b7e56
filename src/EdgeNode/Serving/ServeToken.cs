using System.Security.Cryptography;
using System.Text;
using FaceLandmark.Inference;
using FaceLandmark.Platform;

namespace FaceLandmark.Serving;

/// <summary>The token that clients bring as <c>Authorization: Bearer ...</c>, where one is asked for.</summary>
internal sealed class ServeToken
{
    private readonly byte[]? _expected;

    /// <summary>Reads it.</summary>
    /// <param name="file">Its file; empty: none is asked for.</param>
    /// <exception cref="EngineException">The file cannot be read, or has none.</exception>
    public ServeToken(string file)
    {
        if (file.Length == 0)
            return;
        try
        {
            var token = TokenFile.Read(file);
            if (token.Length == 0)
                throw new EngineException($"Serve:TokenFile {file} has no token: write one into its first line.");
            _expected = Encoding.UTF8.GetBytes("Bearer " + token);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"Serve:TokenFile {file} cannot be read: {reason.Message}", reason);
        }
    }

    /// <summary>What a client hears that does not bring it.</summary>
    public const string Refusal = "This server asks for a token: send the header 'authorization: Bearer TOKEN'.";

    /// <summary>Whether none is asked for.</summary>
    public bool IsOpen => _expected is null;

    /// <summary>Whether a header brings it, or need not.</summary>
    public bool IsBroughtBy(string? header) =>
        _expected is null || (header is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header), _expected));
}
