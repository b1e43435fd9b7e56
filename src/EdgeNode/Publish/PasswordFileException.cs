namespace FaceLandmark.Publish;

/// <summary>The file with the broker's password can't be read. The message is a sentence for people.</summary>
internal sealed class PasswordFileException(string message) : Exception(message);
