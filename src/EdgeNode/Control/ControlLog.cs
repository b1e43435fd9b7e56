using Microsoft.Extensions.Logging;

namespace FaceLandmark.Control;

/// <summary>Events 850 to 899.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(850, LogLevel.Information, "The node accepts these commands: {Verbs}.")]
    public static partial void Listening(this ILogger logger, string verbs);

    [LoggerMessage(851, LogLevel.Information, "Command '{Verb}' was executed. ({Count} since the last such line)")]
    public static partial void Obeyed(this ILogger logger, string verb, long count);

    [LoggerMessage(852, LogLevel.Warning, "Command '{Verb}' was refused: {Reason} ({Count} since the last report of this)")]
    public static partial void Refused(this ILogger logger, string verb, string reason, long count);

    [LoggerMessage(853, LogLevel.Error, "Command '{Verb}' failed: this is a bug, please report it")]
    public static partial void Failed(this ILogger logger, Exception bug, string verb);

    [LoggerMessage(854, LogLevel.Information, "Model '{Model}' is in use instead of '{Old}'.")]
    public static partial void ModelSwitched(this ILogger logger, string model, string old);

    [LoggerMessage(
        855,
        LogLevel.Warning,
        "A retained command on {Topic} was refused: the broker would send it again at every connection; "
            + "remove it with an empty retained message. ({Count} since the last report of this)"
    )]
    public static partial void RetainedRefused(this ILogger logger, string topic, long count);
}
