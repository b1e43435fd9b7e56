namespace FaceLandmark.Tests.Programs;

/// <summary>A disk that is soon full.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; }

    /// <summary>Mounts one on a new folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="kilobytes">How much it takes.</param>
    /// <returns>Null where nobody may mount: not root, or a container without that right.</returns>
    public static async Task<SmallDisk?> MountAsync(string folder, int kilobytes)
    {
        Directory.CreateDirectory(folder);
        try
        {
            await RunningProgram.OutputOfAsync("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", folder);
            return new SmallDisk(folder);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync() => await RunningProgram.OutputOfAsync("umount", "-l", Folder);
}
