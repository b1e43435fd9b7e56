using Microsoft.Extensions.Logging;

namespace FaceLandmark.Models;

/// <summary>What models log; event ids 500 to 599.</summary>
internal static partial class ModelsLog
{
    [LoggerMessage(
        500,
        LogLevel.Information,
        "The node uses the model {Quantized}, the 8-bit version of {Model}: this processor has {Support}"
    )]
    public static partial void EightBit(this ILogger logger, string quantized, string model, string support);

    [LoggerMessage(
        501,
        LogLevel.Information,
        "The node uses the model {Model}, not its 8-bit version {Quantized}: this processor is not faster with bytes"
    )]
    public static partial void Float32(this ILogger logger, string model, string quantized);
}
