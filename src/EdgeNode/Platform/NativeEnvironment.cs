using System.Runtime.InteropServices;

namespace FaceLandmark.Platform;

/// <summary>The environment that native libraries read.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>
    /// Sets a variable of the native environment, which <see cref="Environment.SetEnvironmentVariable(string, string)"/> does not touch on
    /// Linux. To be called before the library that reads it is loaded.
    /// </summary>
    public static void Set(string name, string value, bool overwrite) => _ = SetEnv(name, value, overwrite ? 1 : 0);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);
}
