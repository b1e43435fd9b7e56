using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FaceLandmark.Inference.DrpAi;
using FaceLandmark.Tests.Inference.Tvm;

namespace FaceLandmark.Tests.Inference.DrpAi;

/// <summary>
/// A board without a board: the native library's sources, built with the doubles of the vendor's classes and of the device files. Also a
/// model object's folder.
/// </summary>
internal sealed class Board : IDisposable
{
    private static readonly Lazy<string> s_library = new(Build);
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly nint _control = NativeLibrary.Load(s_library.Value);

    public Board()
    {
        File.Copy(s_library.Value, Path.Combine(_folder, "deploy.so"));
        File.WriteAllText(Path.Combine(_folder, "deploy.json"), """{ "nodes": [{ "name": "drp" }] }""");
        File.WriteAllBytes(Path.Combine(_folder, "deploy.params"), TvmWeights.Of("p0", 1));
        Directory.CreateDirectory(Path.Combine(_folder, "preprocess"));
        Set("well");
    }

    public DrpAiOptions Options =>
        new()
        {
            Device = DrpAiDevice.Hardware,
            ModelObject = _folder,
            Library = s_library.Value,
            HangAfter = Patience.Limit,
        };

    public string Folder => _folder;

    public unsafe int OpenFiles => ((delegate* unmanaged<int>)NativeLibrary.GetExport(_control, "board_open_files"))();

    /// <summary>The doubles, to be loaded by another process; <c>FACELANDMARK_BOARD_SLOW_MS</c> tells them how slow the runs are.</summary>
    public static string Library => s_library.Value;

    public unsafe void Set(string condition)
    {
        WritePreprocess(hasCrop: condition != "no crop");
        var text = Marshal.StringToCoTaskMemUTF8(condition);
        ((delegate* unmanaged<nint, void>)NativeLibrary.GetExport(_control, "board_set"))(text);
        Marshal.FreeCoTaskMem(text);
    }

    public unsafe void FailRuns(bool fails) =>
        ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(_control, "board_run_fails"))(fails ? 1 : 0);

    public void Dispose()
    {
        Set("well"); // lets go what hangs
        SpinWait.SpinUntil(() => DrpAiLibrary.CallsUnderWay() == 0, Patience.Limit);
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>What the pre-processing object says it was compiled for.</summary>
    private void WritePreprocess(bool hasCrop) =>
        File.WriteAllText(
            Path.Combine(_folder, "preprocess", "drp_param_info.txt"),
            $"""
            OFFSET_ADD:0, layer_name:yuv, drp_lib:conv_yuv2rgb
                Param:IMG_IWIDHT, Value:640, offset:8, size:2
                Param:IMG_IHEIGHT, Value:480, offset:10, size:2
            {(
                hasCrop
                    ? "OFFSET_ADD:64, layer_name:crop, drp_lib:crop\n    Param:IMG_OWIDTH, Value:640, offset:12, size:2\n"
                        + "    Param:IMG_OHEIGHT, Value:480, offset:14, size:2"
                    : ""
            )}
            OFFSET_ADD:128, layer_name:resize, drp_lib:resize_hwc
            """
        );

    private static string Build() => Build(Path.GetFullPath(Path.Combine(SourceFolder(), "../../../../src/Native")));

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static string Build(string native)
    {
        var library = Path.Combine(Directory.CreateTempSubdirectory().FullName, "libfacelandmark_native.so");
        var sources = Directory
            .GetFiles(Path.Combine(native, "src"), "*.cpp")
            .Where(file => Path.GetFileName(file) is not ("system_linux.cpp" or "drpai_absent.cpp"))
            .Concat(Directory.GetFiles(Path.Combine(native, "tests/doubles"), "*.cpp"));
        string[] arguments =
        [
            "-std=c++17",
            "-shared",
            "-fPIC",
            "-pthread",
            "-fvisibility=hidden",
            "-DFACELANDMARK_BUILDING",
            "-I",
            Path.Combine(native, "include"),
            "-I",
            Path.Combine(native, "src"),
            "-I",
            Path.Combine(native, "tests/doubles"),
            "-o",
            library,
            .. sources,
        ];
        using var compiler = Process.Start(new ProcessStartInfo("g++", arguments) { RedirectStandardError = true })!;
        var errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        return compiler.ExitCode == 0 ? library : throw new InvalidOperationException(errors);
    }
}
