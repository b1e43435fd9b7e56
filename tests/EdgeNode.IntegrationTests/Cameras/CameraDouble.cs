namespace FaceLandmark.Tests.Cameras;

/// <summary>
/// Cameras for a node in a process of its own, without a camera: src/Native/tests/camera_double, preloaded. Its devices are files in a
/// folder; what they are and what goes wrong with them stands in those files and may change while they are in use.
/// </summary>
internal sealed class CameraDouble : IDisposable
{
    private static readonly Lazy<Task<string>> s_library = new(BuildAsync);
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-cameras-").FullName;
    private readonly string _library;

    private CameraDouble(string library)
    {
        _library = library;
        Directory.CreateDirectory(Path.Combine(_folder, "dev", "v4l", "by-id"));
    }

    /// <summary>What the node's environment needs.</summary>
    public (string Name, string Value)[] Variables => [("LD_PRELOAD", _library), ("CAMERA_DOUBLE", _folder)];

    /// <summary>What was asked of the devices, a line each.</summary>
    public string Log => File.ReadAllText(Path.Combine(_folder, "log"));

    /// <summary>A folder without devices.</summary>
    public static async Task<CameraDouble> CreateAsync() => new(await s_library.Value.InTimeAsync("the double is built"));

    /// <summary>Plugs a device in, or changes what it is and does; keys are those of camera_double.h.</summary>
    public void Set(string device, params string[] lines)
    {
        // At once: the double may read at any moment.
        var next = Path.Combine(_folder, "next");
        File.WriteAllLines(next, lines);
        File.Move(next, PathOf(device), overwrite: true);
    }

    /// <summary>Pulls a device out.</summary>
    public void Unplug(string device) => File.Delete(PathOf(device));

    /// <summary>Gives a device a name below <c>/dev/v4l/by-id</c>.</summary>
    public void Name(string name, string device)
    {
        var link = PathOf(name);
        File.Delete(link);
        File.CreateSymbolicLink(link, PathOf(device));
    }

    /// <summary>A file beside the devices.</summary>
    public string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(string device) => Path.Combine(_folder, device.TrimStart('/'));

    private static async Task<string> BuildAsync()
    {
        var source = Path.Combine(Repository.Root, "src", "Native", "tests", "camera_double");
        var library = Path.Combine(Directory.CreateTempSubdirectory("facelandmark-").FullName, "libcamera_double.so");
        string[] options = ["-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC", "-pthread", "-o", library];
        await RunningProgram.OutputOfAsync("gcc", [.. options, .. Directory.GetFiles(source, "*.c"), "-ldl"]);
        return library;
    }
}
