using FaceLandmark.Platform;

namespace FaceLandmark.Mqtt;

/// <summary>A file with a password, certificate or key cannot be used. The message is a sentence for people.</summary>
internal sealed class CredentialFileException(string message) : ExplainedException(message);
