using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using FaceLandmark.Platform;

namespace FaceLandmark.Inference.DrpAi;

/// <summary>The functions of <c>facelandmark_native.h</c>. All statuses pass <see cref="ThrowIfFailed"/>.</summary>
internal static partial class DrpAiLibrary
{
    /// <summary>Bytes of an error text.</summary>
    public const int TextLength = 512;

    private const string Name = "facelandmark_native";
    private const uint AbiVersion = 3;
    private static readonly Lock s_lock = new();
    private static string? s_path;
    private static nint s_library;

    /// <summary>Loads the library once for the process and checks that it is of this version.</summary>
    /// <param name="path">The file; empty: beside the program or where the system looks.</param>
    /// <exception cref="EngineException">It is missing, cannot be loaded, or is of another version.</exception>
    public static void Load(string path)
    {
        if (Directory.Exists(path))
            throw new EngineException(
                $"Engines:DrpAi:Library is {path}, which is a folder: name the file in it, {Path.Combine(path, $"lib{Name}.so")}."
            );
        lock (s_lock)
        {
            if (s_library != 0 && s_path != path)
                throw new EngineException(
                    $"The native library was loaded from '{s_path}' and cannot be changed to '{path}' while the program runs: restart it."
                );
            if (s_library != 0)
                return;
            StandardStreams.KeepNativeOutputApart();
            nint library;
            try
            {
                library = path.Length > 0 ? NativeLibrary.Load(path) : NativeLibrary.Load(Name, typeof(DrpAiLibrary).Assembly, null);
            }
            catch (Exception reason) when (reason is DllNotFoundException or BadImageFormatException)
            {
                var name = path.Length > 0 ? path : $"lib{Name}.so";
                throw new EngineException(
                    $"The DRP-AI needs {name}, which cannot be loaded: build src/Native with the vendor's SDK as docs/hardware.md says, "
                        + $"and set Engines:DrpAi:Library to it. {reason.Message}",
                    reason
                );
            }

            NativeLibrary.SetDllImportResolver(typeof(DrpAiLibrary).Assembly, Resolve);
            (s_library, s_path) = (library, path);
        }

        var version = GetAbiVersion();
        if (version != AbiVersion)
            throw new EngineException(
                $"lib{Name} has interface version {version}, but this program needs {AbiVersion}: build both from the same source."
            );
    }

    /// <summary>Turns a status into an exception with the library's sentence.</summary>
    /// <exception cref="EngineException">The status is not <see cref="DrpAiStatus.Ok"/>.</exception>
    public static void ThrowIfFailed(DrpAiStatus status, ReadOnlySpan<byte> text)
    {
        if (status == DrpAiStatus.Ok)
            return;
        var end = text.IndexOf((byte)0);
        throw new EngineException($"DRP-AI: {Encoding.UTF8.GetString(end < 0 ? text : text[..end])} (status {(int)status}, {status})");
    }

    /// <summary>Calls of the vendor's runtimes that have not returned, though their engine may be closed.</summary>
    public static uint CallsUnderWay()
    {
        lock (s_lock)
            return s_library == 0 ? 0 : Calls();
    }

    [LibraryImport(Name, EntryPoint = "facelandmark_drpai_open")]
    public static partial DrpAiStatus Open(in DrpAiConfig config, out DrpAiHandle handle, Span<byte> error, uint errorLength);

    [LibraryImport(Name, EntryPoint = "facelandmark_drpai_prepare")]
    public static partial DrpAiStatus Prepare(
        DrpAiHandle handle,
        nint frame,
        ulong frameBytes,
        uint width,
        uint height,
        uint cropX,
        uint cropY,
        uint cropWidth,
        uint cropHeight,
        Span<float> tensor,
        ulong tensorValues,
        Span<byte> error,
        uint errorLength
    );

    [LibraryImport(Name, EntryPoint = "facelandmark_drpai_run")]
    public static partial DrpAiStatus Run(
        DrpAiHandle handle,
        ReadOnlySpan<float> tensor,
        ulong tensorValues,
        Span<float> output,
        ulong outputValues,
        Span<byte> error,
        uint errorLength
    );

    [LibraryImport(Name, EntryPoint = "facelandmark_drpai_close")]
    public static partial void Close(nint handle);

    [LibraryImport(Name, EntryPoint = "facelandmark_abi_version")]
    private static partial uint GetAbiVersion();

    [LibraryImport(Name, EntryPoint = "facelandmark_drpai_calls")]
    private static partial uint Calls();

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Name ? s_library : 0;
}
