using System.Runtime.InteropServices;
using FaceLandmark.ModelCards;
using FaceLandmark.Platform;
using OpenCvSharp;

namespace FaceLandmark.Preprocess;

/// <summary>The pre-processors of the CPU by their setting, and which of them this machine has.</summary>
internal static class CpuPath
{
    /// <summary>The pre-processor for a model.</summary>
    public static IPreprocessor Open(ModelCard model, PreprocessPath path) =>
        path switch
        {
            PreprocessPath.Opencv => new OpenCvPreprocessor(model),
            PreprocessPath.Original => new OriginalPreprocessor(model),
            _ => new CpuPreprocessor(model),
        };

    /// <summary>Why a path cannot be taken here, or null.</summary>
    public static string? Refusal(PreprocessPath path) => path == PreprocessPath.Own ? null : Refusal(path, HasOpenCv());

    /// <inheritdoc cref="Refusal(PreprocessPath)"/>
    internal static string? Refusal(PreprocessPath path, bool hasOpenCv) =>
        path == PreprocessPath.Own || hasOpenCv
            ? null
            : $"Preprocess:Path is '{path.Word()}', but OpenCV's native library cannot be loaded on this machine: "
                + "use 'own', which needs no library and gives the same result.";

    private static bool HasOpenCv() => NativeLibrary.TryLoad("OpenCvSharpExtern", typeof(Cv2).Assembly, null, out _);
}
