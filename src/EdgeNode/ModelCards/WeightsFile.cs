using System.Security.Cryptography;
using FaceLandmark.Platform;

namespace FaceLandmark.ModelCards;

/// <summary>The weights that belong to a card.</summary>
internal static class WeightsFile
{
    /// <summary>What the name of a thin file, of which weights are restored, has behind the name of the weights.</summary>
    public const string Thin = ".thin";

    /// <summary>Compares the weights with the card's SHA-256.</summary>
    /// <exception cref="ModelException">They differ.</exception>
    public static void Verify(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        if (card.Sha256 is null)
            return;
        var actual = HashOf(card.Path);
        if (!actual.Equals(card.Sha256, StringComparison.OrdinalIgnoreCase))
            throw new ModelException(
                $"{card.Path} has SHA-256 {actual}, its card says {card.Sha256}: the file is damaged or not the one the card describes; "
                    + "get it again."
            );
    }

    /// <summary>SHA-256 of a file, lower-case hexadecimal.</summary>
    /// <exception cref="ModelException">It is missing or cannot be read.</exception>
    public static string HashOf(string path)
    {
        if (!File.Exists(path) && File.Exists(path + Thin))
            throw new ModelException(
                $"The weights {path} are not restored yet: run `model thin --restore {Path.GetDirectoryName(path)}` "
                    + "as a user who may write there."
            );
        if (!File.Exists(path))
            throw new ModelException($"The weights {path} are missing: get them again, or remove their card.");
        try
        {
            if (RegularFile.Problem(path) is { } problem)
                throw new IOException($"it {problem}.");
            using var file = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path} cannot be read: {reason.Message}", reason);
        }
    }
}
