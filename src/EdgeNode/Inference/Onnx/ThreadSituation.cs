using FaceLandmark.ModelCards;
using Microsoft.ML.OnnxRuntime;

namespace FaceLandmark.Inference.Onnx;

/// <summary>What a <see cref="ThreadChoice"/> holds for. Where any of it changes, it is measured again.</summary>
/// <param name="Processor">The processor's name.</param>
/// <param name="Processors">How many of them this process may use.</param>
/// <param name="Runtime">Version of ONNX Runtime.</param>
/// <param name="Model">SHA-256 of the weights.</param>
/// <param name="Optimization">How far the graph is rewritten.</param>
internal sealed record ThreadSituation(string Processor, int Processors, string Runtime, string Model, string Optimization)
{
    /// <summary>This machine with a model.</summary>
    /// <exception cref="ModelException">The weights cannot be read.</exception>
    public static ThreadSituation Here(ModelCard model, OnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        return new ThreadSituation(
            ProcessorName(),
            Environment.ProcessorCount,
            OrtEnv.Instance().GetVersionString(),
            model.Sha256 ?? WeightsFile.HashOf(model.Path),
            options.Optimization.ToString()
        );
    }

    /// <summary>The name in a <c>/proc/cpuinfo</c>: on x86-64 a model, on arm64 the number of a part; empty where there is none.</summary>
    internal static string ProcessorName(IEnumerable<string> lines)
    {
        string[] keys = ["model name", "CPU part"];
        var fields = lines.Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries));
        return fields.FirstOrDefault(field => keys.Contains(field[0])) is [_, var name] ? name : "";
    }

    private static string ProcessorName()
    {
        try
        {
            return ProcessorName(File.ReadLines("/proc/cpuinfo"));
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
