using FaceLandmark.Platform;

namespace FaceLandmark.Configuration;

/// <summary>The configuration cannot be used: every error in it, a sentence each.</summary>
internal sealed class ConfigurationException(IReadOnlyList<string> errors) : ExplainedException(string.Join(Environment.NewLine, errors))
{
    /// <summary>One sentence an error: key, value, what is allowed.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
