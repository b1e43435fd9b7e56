using System.Globalization;

namespace FaceLandmark.Inference.Onnx;

/// <summary>A way to run one inference on several threads, and what it took.</summary>
/// <param name="Threads">How many.</param>
/// <param name="Spin">Whether threads wait for each other by spinning.</param>
/// <param name="Milliseconds">Time of an inference, median.</param>
/// <param name="ProcessorMilliseconds">Processor time of an inference, mean.</param>
internal sealed record ThreadChoice(int Threads, bool Spin, double Milliseconds, double ProcessorMilliseconds)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var threads = Threads == 1 ? "1 thread" : $"{Threads} threads that wait {(Spin ? "spinning" : "asleep")}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{threads}, {Milliseconds:0.0} ms and {ProcessorMilliseconds:0.0} ms of processor time an inference"
        );
    }
}
