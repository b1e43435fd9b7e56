using System.Runtime.InteropServices;

namespace FaceLandmark.Inference.Tvm;

/// <summary>Looks at the symbols of a library before TVM, which binds them lazily, loads it.</summary>
internal static class LazyBinding
{
    private const int Now = 2;

    /// <summary>
    /// Checks that every symbol of a library can be bound. TVM binds lazily: one that cannot be would end the process at its first call.
    /// </summary>
    /// <exception cref="EngineException">One cannot; the message names it.</exception>
    public static unsafe void RequireBindable(string path)
    {
        // By pointers, for whatever .NET binds between the failure and the question for its reason would wipe the reason out.
        // glibc before 2.34 (the boards' systems) has these in libdl, later ones leave it as a stub that leads to libc.
        var loader = NativeLibrary.Load("libdl.so.2");
        var open = (delegate* unmanaged<byte*, int, nint>)NativeLibrary.GetExport(loader, "dlopen");
        var close = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(loader, "dlclose");
        var lastError = (delegate* unmanaged<nint>)NativeLibrary.GetExport(loader, "dlerror");
        nint library,
            reason = 0;
        fixed (byte* name = TvmRuntime.Text(path))
        {
            library = open(name, Now);
            if (library == 0)
                reason = lastError();
        }

        if (library == 0)
            throw new EngineException(
                $"{path} does not load: {Marshal.PtrToStringUTF8(reason)}. It was compiled for another system or runtime: "
                    + "compile it again for this one."
            );
        _ = close(library);
    }
}
