using System.Runtime.InteropServices;
using FaceLandmark.Mqtt;

namespace FaceLandmark.Tests.Mqtt;

public sealed class SqliteLibraryTests
{
    [Fact]
    public void The_first_library_that_loads_is_taken()
    {
        var assembly = typeof(SqliteLibraryTests).Assembly;
        var libc = NativeLibrary.Load("libc.so.6");

        Assert.Equal(libc, SqliteLibrary.Load(assembly, null, "no_such_library", "libc.so.6", "libm.so.6"));
        Assert.Equal(0, SqliteLibrary.Load(assembly, null, "no_such_library", "nor_this_one"));
    }
}
