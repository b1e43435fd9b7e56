namespace FaceLandmark.Platform;

/// <summary>Files that are installed with the program: models, detectors, demo photographs.</summary>
public static class ProgramFiles
{
    /// <summary>A relative path as it is, where it exists in the working directory, otherwise beside the program; an absolute path as it is.</summary>
    public static string Find(string path)
    {
        if (Path.IsPathRooted(path) || File.Exists(path) || Directory.Exists(path))
            return Path.GetFullPath(path);
        return Path.Combine(AppContext.BaseDirectory, path);
    }
}
