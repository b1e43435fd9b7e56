using System.Security.Cryptography;
using FaceLandmark.Inference.Tvm;
using FaceLandmark.ModelCards;
using FaceLandmark.Platform;

namespace FaceLandmark.Inference.DrpAi;

/// <summary>
/// A model object for the DRP-AI: a folder with <c>deploy.so</c>, <c>deploy.json</c> and <c>deploy.params</c>, or with <c>mera.plan</c>,
/// and the folder <c>preprocess</c>. It was compiled from a DeepPose of the documented contract: 256x256, 98 landmarks.
/// </summary>
internal static class DrpAiObject
{
    private const string Plan = "mera.plan";
    private static readonly string[] s_parts = ["deploy.so", "deploy.json", "deploy.params"];

    /// <summary>The card of an object.</summary>
    /// <exception cref="EngineException">Something of it is missing, and the message names each file; or it is damaged or for another
    /// processor.</exception>
    public static ModelCard Read(string path)
    {
        var folder = ProgramFiles.Find(path);
        if (!Directory.Exists(folder))
            throw new EngineException(
                $"The DRP-AI model object {folder} is missing: compile one as docs/hardware.md says, "
                    + "and set Engines:DrpAi:ModelObject to its folder."
            );
        var hasPlan = File.Exists(Path.Combine(folder, Plan));
        string[] missing =
        [
            .. s_parts.Where(part => !hasPlan && !File.Exists(Path.Combine(folder, part))),
            .. Directory.Exists(Path.Combine(folder, "preprocess")) ? Array.Empty<string>() : ["preprocess/"],
        ];
        if (missing.Length > 0)
            throw new EngineException(
                $"The DRP-AI model object {folder} lacks {string.Join(", ", missing)}: compile it again, or copy the whole folder."
            );

        if (!hasPlan)
        {
            ElfFile.RequireThisMachine(Path.Combine(folder, s_parts[0]));
            TvmParameters.Read(Path.Combine(folder, TvmModelObject.Weights));
        }

        var weights = hasPlan ? Plan : TvmModelObject.Weights;
        using var stream = File.OpenRead(Path.Combine(folder, weights));
        return new ModelCard
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)),
            Folder = folder,
            File = weights,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(stream)),
        };
    }
}
