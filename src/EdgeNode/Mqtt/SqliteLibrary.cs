using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace FaceLandmark.Mqtt;

/// <summary>
/// SQLite's native part: the one that the program brings, or the system's where that does not load. The one for arm64 needs glibc 2.34,
/// and boards with older systems have a SQLite of their own, with the same interface.
/// </summary>
internal static class SqliteLibrary
{
    private const string Own = "e_sqlite3";
    private const string OfTheSystem = "libsqlite3.so.0";

    private static readonly Lazy<bool> s_installed = new(Install);

    /// <summary>Makes sure that both are tried; before the first use of SQLite.</summary>
    public static void Find() => _ = s_installed.Value;

    /// <summary>The first library that loads; 0 when none does.</summary>
    internal static nint Load(Assembly assembly, DllImportSearchPath? searchPath, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, assembly, searchPath, out var library))
                return library;
        return 0;
    }

    private static bool Install()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            (name, assembly, searchPath) => name == Own ? Load(assembly, searchPath, Own, OfTheSystem) : 0
        );
        return true;
    }
}
