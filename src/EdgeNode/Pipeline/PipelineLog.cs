using Microsoft.Extensions.Logging;

namespace FaceLandmark.Pipeline;

internal static partial class PipelineLog
{
    [LoggerMessage(300, LogLevel.Warning, "{Camera}: no result for frame {Sequence}: {Fault} ({Count} frames without a result since the last report of this)")]
    public static partial void FrameFailed(this ILogger logger, string camera, long sequence, string fault, long count);

}
