namespace FaceLandmark.Models.Import;

/// <summary>A pickle holds what is not allowed. The message is a part of a sentence: the reason.</summary>
internal sealed class PickleException(string message) : Exception(message)
{
    /// <summary>Text from a file, fit for a message.</summary>
    public static string Shown(string text) =>
        string.Concat(text.Take(80).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '\uFFFD' : letter))
        + (text.Length > 80 ? "..." : "");
}
