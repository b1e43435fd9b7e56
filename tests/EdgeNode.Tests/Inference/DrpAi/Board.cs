using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FaceLandmark.Inference.DrpAi;

namespace FaceLandmark.Tests.Inference.DrpAi;

/// <summary>
/// A board without a board: the native library's sources, built with the doubles of the vendor's classes and of the device files. Also a model
/// object's folder.
/// </summary>
public sealed class Board : IDisposable
{
    private static readonly Lazy<string> s_library = new(Build);
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly nint _control = NativeLibrary.Load(s_library.Value);

    public Board()
    {
        foreach (var part in (string[])["deploy.so", "deploy.json", "deploy.params"])
            File.WriteAllText(Path.Combine(_folder, part), part);
        Directory.CreateDirectory(Path.Combine(_folder, "preprocess"));
        Set("well");
    }

    public DrpAiOptions Options => new() { Device = DrpAiDevice.Hardware, ModelObject = _folder, Library = s_library.Value, HangAfter = Patience.Limit };

    public string Folder => _folder;

    public unsafe int OpenFiles => ((delegate* unmanaged<int>)NativeLibrary.GetExport(_control, "board_open_files"))();

    public unsafe void Set(string condition)
    {
        var text = Marshal.StringToCoTaskMemUTF8(condition);
        ((delegate* unmanaged<nint, void>)NativeLibrary.GetExport(_control, "board_set"))(text);
        Marshal.FreeCoTaskMem(text);
    }

    public unsafe void FailRuns(bool fails) => ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(_control, "board_run_fails"))(fails ? 1 : 0);

    public void Dispose()
    {
        Set("well"); // lets go what hangs
        Directory.Delete(_folder, recursive: true);
    }

    private static string Build() => Build(Path.GetFullPath(Path.Combine(SourceFolder(), "../../../../src/Native")));

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static string Build(string native)
    {
        var library = Path.Combine(Directory.CreateTempSubdirectory().FullName, "libfacelandmark_native.so");
        var sources = Directory.GetFiles(Path.Combine(native, "src"), "*.cpp").Where(file => Path.GetFileName(file) is not ("system_linux.cpp" or "drpai_absent.cpp"))
            .Concat(Directory.GetFiles(Path.Combine(native, "tests/doubles"), "*.cpp"));
        string[] arguments =
        [
            "-std=c++17", "-shared", "-fPIC", "-pthread", "-fvisibility=hidden", "-DFACELANDMARK_BUILDING", "-DDOUBLE_PRE_OUT=void", "-DFACELANDMARK_PRERUNTIME_HEADER=<PreRuntime.h>",
            "-I", Path.Combine(native, "include"), "-I", Path.Combine(native, "src"), "-I", Path.Combine(native, "tests/doubles"), "-o", library, .. sources,
        ];
        using var compiler = Process.Start(new ProcessStartInfo("g++", arguments) { RedirectStandardError = true })!;
        var errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        return compiler.ExitCode == 0 ? library : throw new InvalidOperationException(errors);
    }
}
