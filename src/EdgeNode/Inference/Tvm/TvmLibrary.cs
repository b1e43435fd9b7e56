using System.Runtime.InteropServices;
using FaceLandmark.Platform;

namespace FaceLandmark.Inference.Tvm;

/// <summary>Finds and loads the library of TVM's runtime.</summary>
internal static class TvmLibrary
{
    /// <summary>The environment variable that names it where <see cref="TvmOptions.Library"/> is empty.</summary>
    public const string Variable = "FACELANDMARK_TVM_LIBRARY";

    /// <summary>Its file names: Apache's, Renesas'.</summary>
    private static readonly string[] s_names = ["libtvm_runtime.so", "libdrp_tvm_rt.so"];

    /// <summary>Loads it from the one place named, or else from the first usual place that has it.</summary>
    /// <returns>Its handle, and its path or, where the system found it, its name.</returns>
    /// <exception cref="EngineException">It is missing or cannot be loaded here.</exception>
    public static (nint Handle, string Path) Load(string configured)
    {
        if (configured.Length > 0)
            return LoadNamed(ProgramFiles.Find(configured), "Engines:Tvm:Library");
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return LoadNamed(System.IO.Path.GetFullPath(named), Variable);
        foreach (var name in s_names)
        {
            var beside = System.IO.Path.Combine(AppContext.BaseDirectory, name);
            if (File.Exists(beside))
                return LoadNamed(beside, "the program's folder");
            if (NativeLibrary.TryLoad(name, out var handle))
                return (handle, name);
        }

        throw new EngineException(
            $"TVM model objects need the TVM runtime, but neither {string.Join(" nor ", s_names)} is in "
                + $"{AppContext.BaseDirectory} or where the system looks: "
                + $"set Engines:Tvm:Library or {Variable} to its path."
        );
    }

    private static (nint Handle, string Path) LoadNamed(string path, string origin)
    {
        if (Directory.Exists(path))
        {
            var file = Array.Find(s_names, name => File.Exists(System.IO.Path.Combine(path, name)));
            throw new EngineException(
                file is null
                    ? $"{origin} is {path}, a folder that holds neither {string.Join(" nor ", s_names)}: "
                        + "set it to the file of the TVM runtime."
                    : $"{origin} is {path}, which is a folder: set it to the file in it, {System.IO.Path.Combine(path, file)}."
            );
        }

        if (!File.Exists(path))
            throw new EngineException($"The TVM runtime {path} (from {origin}) is missing: correct {origin}.");
        ElfFile.RequireThisMachine(path);
        try
        {
            return (NativeLibrary.Load(path), path);
        }
        catch (Exception reason) when (reason is DllNotFoundException or BadImageFormatException)
        {
            // The loader's own sentence is the last line of several.
            var sentence = reason.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
            throw new EngineException($"The TVM runtime {path} (from {origin}) does not load: {sentence}", reason);
        }
    }
}
