namespace FaceLandmark.Platform;

/// <summary>Files that are installed with the program: models, detectors, demo photographs.</summary>
internal static class ProgramFiles
{
    /// <summary>
    /// Where a file of a setting is: an absolute path as it is, a relative one beside the program. Never in the working directory, where
    /// anybody's files may lie.
    /// </summary>
    public static string Find(string path) => Path.GetFullPath(path, AppContext.BaseDirectory);
}
